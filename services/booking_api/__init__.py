"""The booking API: are slots free, book, find, move, cancel. Used by the IVR and the Finesse gadget."""
