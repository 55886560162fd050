"""What the Finesse fake makes of a gadget's XML, as Finesse's gadget server does."""

import pytest

from deploy.sandbox.finesse.gadget_xml import BadGadget, page, read

OWN = "https://finesse.example:8445"
ELSEWHERE = "https://callbacks.example/gadget/"
GADGET = """<Module>
  <ModulePrefs title="__MSG_title__"><Require feature="{feature}"/>
    <Locale messages="en.xml"/><Locale lang="de" messages="de.xml"/>
  </ModulePrefs>
  <UserPref name="host" datatype="hidden" default_value=""/><UserPref name="api" default_value="https://a.example"/>
  <Content type="html"><![CDATA[<script src="https://__UP_host__:8445/desktop/x.js"></script>
    <script src="g.js"></script>
    <p>__MSG_title__ __MSG_only_english__ __UP_api__ __UP_unknown__</p>]]></Content>
</Module>"""
FILES = {
    "callback.xml": GADGET.format(feature="pubsub-2"),
    "without.xml": GADGET.format(feature="settitle"),
    "doctype.xml": '<!DOCTYPE Module [<!ENTITY e "x">]>' + GADGET.format(feature="pubsub-2"),
    "en.xml": """<messagebundle>
      <msg name="title">Call &lt;back&gt;</msg><msg name="only_english">yes</msg>
    </messagebundle>""",
    "de.xml": '<messagebundle><msg name="title">Rückruf</msg></messagebundle>',
}


def fetch(url: str) -> bytes:
    return FILES[url.removeprefix(ELSEWHERE)].encode()


def test_messages_are_of_the_language_and_else_of_the_bundle_for_all() -> None:
    german = read(f"{ELSEWHERE}callback.xml", fetch, "de_AT", {"host": "finesse.example"})
    assert (german.title, german.messages["only_english"]) == ("Rückruf", "yes")
    assert read(f"{ELSEWHERE}callback.xml", fetch, "fr_FR", {}).title == "Call &lt;back&gt;"


def test_preferences_of_the_desktop_win_and_what_is_expanded_is_escaped() -> None:
    gadget = read(f"{ELSEWHERE}callback.xml", fetch, "en_US", {"host": "finesse.example", "scheme": "https"})
    assert gadget.prefs == {"host": "finesse.example", "api": "https://a.example"}
    assert "<p>Call &lt;back&gt; yes https://a.example __UP_unknown__</p>" in gadget.content


def test_files_of_another_server_come_through_finesse_and_its_own_do_not() -> None:
    made = page(read(f"{ELSEWHERE}callback.xml", fetch, "en_US", {"host": "finesse.example"}), OWN)
    assert 'src="https://finesse.example:8445/desktop/x.js"' in made
    assert 'src="/gadgets/proxy?url=https%3A%2F%2Fcallbacks.example%2Fgadget%2Fg.js"' in made


@pytest.mark.parametrize(("name", "why"), [("without.xml", "pubsub-2"), ("doctype.xml", "DOCTYPE")])
def test_a_gadget_that_finesse_would_not_show_is_refused(name: str, why: str) -> None:
    with pytest.raises(BadGadget, match=why):
        read(f"{ELSEWHERE}{name}", fetch, "en_US", {})
