"""The Finesse gadget in Chromium, in a container page that behaves like Finesse's, through HAProxy."""
