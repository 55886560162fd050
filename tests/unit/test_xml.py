import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dialer_sync.ucce.contacts import Contact, clean_name
from services.dialer_sync.ucce.errors import ApiError
from shared import xml


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a>",
        b"not xml",
        b"<html><body>maintenance<br></body></html>",
        b"<!DOCTYPE a><a/>",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'.encode(
            "utf-16"
        ),
        b'<?xml version="1.0" encoding="no-such"?><a/>',
    ],
)
def test_what_is_not_a_plain_document_is_refused(body: bytes) -> None:
    with pytest.raises(xml.BadXml):
        xml.parse(body)


MIB = 1024 * 1024


@pytest.mark.parametrize(
    "body",
    [
        b"<a>" * (4 * MIB // 7) + b"</a>" * (4 * MIB // 7),
        b"<a>" * (4 * MIB // 3),
        b"<a>" + b"<b/>" * MIB + b"</a>",
        b"<a " + b" ".join(b"a%d=''" % number for number in range(300_000)) + b"/>",
        b"<a>" + b"\n" * (4 * MIB) + b"</a>",
        b"<a>" + b"&lt;" * MIB + b"</a>",
        ("<a>" + "<b/>" * (MIB // 2) + "</a>").encode("utf-16"),
        b"<a>" * 33 + b"</a>" * 33,
    ],
    ids=["deep", "deep and unended", "elements", "attributes", "lines", "references", "utf-16", "33 deep"],
)
def test_a_deep_or_huge_document_is_refused_before_it_takes_memory(body: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(xml.BadXml, match=r"deep|too large"):
            xml.parse(body)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 2 * MIB


def test_a_page_of_a_hundred_contacts_with_every_field_is_read() -> None:
    phones = "".join(
        f"<phone{n:02}>" + "".join(f"<f{m}>1</f{m}>" for m in range(9)) + f"</phone{n:02}>" for n in range(1, 11)
    )
    body = f"<results>{f'<importContact>{phones}</importContact>' * 100}</results>".encode()
    assert len(list(xml.parse(body).iter("importContact"))) == 100


def test_absent_and_empty_elements_are_none() -> None:
    root = xml.parse(b"<a><b> </b><c>7</c><d>x</d></a>")
    assert (xml.text(root, "b"), xml.text(root, "nothing"), xml.text(root, "c")) == (None, None, "7")
    assert (xml.number(root, "c"), xml.number(root, "d"), xml.number(root, "b")) == (7, None, None)


def test_a_value_becomes_elements_and_is_escaped() -> None:
    body = xml.render("campaign", {"name": "a&b", "enabled": True, "none": None, "retries": {"noAnswerDelay": 60}})
    assert b"<name>a&amp;b</name><enabled>true</enabled><retries><noAnswerDelay>60</noAnswerDelay></retries>" in body


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        (None, ""),
        ("  Ivan  ", "Ivan"),
        ("Per|Ove", "Per Ove"),
        ("A\r\nB\tC", "A B C"),
        ("x]]>y", "x y"),
        ("]]]>>", "] >"),
        ("Zoë <b>&amp;", "Zoë <b>&amp;"),
        ("Пётр", "Пётр"),
        ("n" * 60, "n" * 50),
        ("\ud800", ""),
    ],
)
def test_a_name_is_made_fit_for_a_row(name: str | None, clean: str) -> None:
    assert clean_name(name) == clean


@given(st.text(), st.text())
def test_whatever_the_names_a_row_stays_one_row_of_six_cells_inside_cdata(first: str, last: str) -> None:
    row = Contact("01JZ8Q4T7M2V9K3C5D6E8F0G1H-01", "93125550142", first, last, 360).row()
    assert row.count("|") == 5
    assert len(row.splitlines()) == 1
    assert "]]>" not in row
    xml.parse(f"<a><![CDATA[{row}]]></a>".encode())


def test_without_a_bias_both_zone_cells_are_empty() -> None:
    assert Contact("k", "1").row() == "k|||1||"


def test_a_phone_number_that_ucce_repeats_is_masked() -> None:
    error = ApiError("invalidInput", "Row 2: 93125550142 is not valid, min 1 max 10000", "Phone01")
    assert str(error) == "Phone01: Row 2: …42 is not valid, min 1 max 10000"
