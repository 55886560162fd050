"""Campaign API (ucce/REFERENCE.md 1.2 and 1.3)."""

from urllib.parse import urlsplit

import pytest

from tests.integration.ucce_simulator.client import Client, campaign_xml, error_types, skill_group_xml, xml


def test_a_created_campaign_is_read_back_with_its_defaults(ucce_client: Client) -> None:
    number = ucce_client.create("<maxAttempts>1</maxAttempts><linesPerAgent>1</linesPerAgent>")
    campaign = ucce_client.campaign(number)
    texts = {child.tag: child.text for child in campaign}
    assert texts["name"] == "Sales"
    assert texts["changeStamp"] == "0"
    assert texts["refURL"] == f"/unifiedconfig/config/campaign/{number}"
    assert texts["maxAttempts"] == "1"
    assert texts["linesPerAgent"] == "1.0"
    assert texts["abandonPercent"] == "3.0"
    assert texts["campaignPurposeType"] == "agentCampaign"
    assert campaign.findtext("retries/customerAbandonedDelay") == "30"
    assert campaign.findtext("callProgressAnalysis/analysisPeriod") == "2500"
    assert campaign.findtext("timeZone/refURL") == "/unifiedconfig/config/timezone/UTC"
    assert campaign.findtext("timeZone/displayName") == "(UTC) Coordinated Universal Time"
    assert campaign.findtext("skillGroupInfos/skillGroupInfo/skillGroup/name") == "Retention"
    assert campaign.findtext("import/refURL", "").startswith("/unifiedconfig/config/import/")


def test_optional_elements_are_absent_when_empty(ucce_client: Client) -> None:
    campaign = ucce_client.campaign(ucce_client.create("<description></description>"))
    for name in ("description", "startDate", "endDate", "startTime", "campaignPrefix"):
        assert campaign.find(name) is None


def test_a_campaign_that_names_no_times_has_those_of_the_system(ucce_client: Client) -> None:
    ucce_client.control.behaviour(dialingTimes="08:00-20:00")
    mine, theirs = ucce_client.create("<startTime>09:30</startTime>"), ucce_client.create(name="Other", group=5005)
    for number, times in ((mine, ("09:30", "20:00")), (theirs, ("08:00", "20:00"))):
        campaign = ucce_client.campaign(number)
        assert (campaign.findtext("startTime"), campaign.findtext("endTime")) == times


def test_a_location_may_name_another_host_than_the_one_asked(ucce_client: Client) -> None:
    response = ucce_client.send("POST", "/campaign", campaign_xml())
    assert urlsplit(response.headers["Location"]).hostname == "aw1.cc.example"


@pytest.mark.parametrize(
    ("fields", "data", "kind"),
    [
        ("<name/>", "name", "invalidInput.fieldRequired"),
        ("<name>" + "x" * 33 + "</name>", "name", "invalidInput.fieldLengthExceeded"),
        ("<name>_first</name>", "name", "invalidInput.format"),
        ("<name>two words</name>", "name", "invalidInput.format"),
        ("<name>Продажи</name>", "name", "invalidInput.format"),
        ("<name>DNC</name>", "name", "invalidInput.reservedName"),
        ("<name>none</name>", "name", "invalidInput.reservedName"),
        ("<description>" + "x" * 256 + "</description>", "description", "invalidInput.fieldLengthExceeded"),
        ("<enabled>yes</enabled>", "enabled", "invalidInput.format.boolean"),
        ("<enabled>True</enabled>", "enabled", "invalidInput.format.boolean"),
        ("<maxAttempts>0</maxAttempts>", "maxAttempts", "invalidInput.outOfRange"),
        ("<maxAttempts>101</maxAttempts>", "maxAttempts", "invalidInput.outOfRange"),
        ("<maxAttempts>many</maxAttempts>", "maxAttempts", "invalidInput.format"),
        ("<linesPerAgent>0.9</linesPerAgent>", "linesPerAgent", "invalidInput.outOfRange"),
        ("<linesPerAgent>nan</linesPerAgent>", "linesPerAgent", "invalidInput.outOfRange"),
        ("<abandonPercent>3.25</abandonPercent>", "abandonPercent", "invalidInput.format"),
        ("<predictiveGain>3.1</predictiveGain>", "predictiveGain", "invalidInput.outOfRange"),
        ("<noAnswerRingLimit>1</noAnswerRingLimit>", "noAnswerRingLimit", "invalidInput.outOfRange"),
        ("<minimumCallDuration>11</minimumCallDuration>", "minimumCallDuration", "invalidInput.outOfRange"),
        ("<reservationPercentage>101</reservationPercentage>", "reservationPercentage", "invalidInput.outOfRange"),
        ("<retries><noAnswerDelay>0</noAnswerDelay></retries>", "noAnswerDelay", "invalidInput.outOfRange"),
        ("<retries><sitDelay>5</sitDelay></retries>", "sitDelay", "invalidInput.unexpectedXmlElement"),
        ("<dialingMode>PREDICTIVE</dialingMode>", "dialingMode", "invalidInput.format"),
        ("<campaignPrefix>+9</campaignPrefix>", "campaignPrefix", "invalidInput.format"),
        ("<campaignPrefix>1234567890123456</campaignPrefix>", "campaignPrefix", "invalidInput.fieldLengthExceeded"),
        ("<startTime>24:00</startTime>", "startTime", "invalidInput.outOfRange"),
        ("<startTime>9:00</startTime>", "startTime", "invalidInput.format"),
        ("<startDate>2026-02-30</startDate>", "startDate", "invalidInput.format"),
        ("<startTime>10:00</startTime><endTime>09:00</endTime>", "endTime", "invalidInput.format"),
        ("<Enabled>true</Enabled>", "Enabled", "invalidInput.unexpectedXmlElement"),
        ("<ipAMDEnabled>true</ipAMDEnabled>", "ipAMDEnabled", "invalidInput.unexpectedXmlElement"),
        ("<skillGroupInfosAdded/>", "skillGroupInfosAdded", "invalidInput.unexpectedXmlElement"),
        ("<skillGroupInfos/>", "skillGroupInfos", "invalidInput.fieldRequired"),
        (f"<skillGroupInfos>{skill_group_xml(9999)}</skillGroupInfos>", "skillGroup", "invalidInput.reference"),
        ("<timeZone><refURL>/unifiedconfig/config/timezone/Mars</refURL></timeZone>", "timeZone",
         "invalidInput.reference"),
        ("<department><refURL>/unifiedconfig/config/department/5001</refURL></department>", "department",
         "invalidInput.reference"),
        ("<campaignPurposeType>ivrCampaign</campaignPurposeType><dialingMode>PREVIEWONLY</dialingMode>",
         "dialingMode", "invalidInput.format"),
    ],
)  # fmt: skip
def test_a_bad_field_is_named_and_nothing_is_created(ucce_client: Client, fields: str, data: str, kind: str) -> None:
    response = ucce_client.send("POST", "/campaign", campaign_xml(fields))
    assert response.status_code == 400
    assert error_types(response) == {data: kind}
    assert xml(ucce_client.get("/campaign")).findtext("pageInfo/totalResults") == "0"


def test_an_out_of_range_error_tells_the_range(ucce_client: Client) -> None:
    response = ucce_client.send("POST", "/campaign", campaign_xml("<maxAttempts>101</maxAttempts>"))
    assert "<min>1</min><max>100</max>" in response.text
    assert "This field must contain a value from 1 to 100" in response.text


def test_several_bad_fields_are_told_together(ucce_client: Client) -> None:
    response = ucce_client.send("POST", "/campaign", campaign_xml("<maxAttempts>0</maxAttempts><enabled>1</enabled>"))
    assert set(error_types(response)) == {"maxAttempts", "enabled"}


def test_of_a_duplicate_element_the_last_one_counts(ucce_client: Client) -> None:
    number = ucce_client.create("<maxAttempts>2</maxAttempts><maxAttempts>7</maxAttempts>")
    assert ucce_client.campaign(number).findtext("maxAttempts") == "7"


def test_read_only_fields_are_ignored(ucce_client: Client) -> None:
    number = ucce_client.create("<changeStamp>48</changeStamp><refURL>/x</refURL><import><refURL>/y</refURL></import>")
    assert ucce_client.campaign(number).findtext("changeStamp") == "0"


def test_a_name_is_unique_until_its_campaign_is_deleted(ucce_client: Client) -> None:
    number = ucce_client.create(name="Sales")
    again = ucce_client.send("POST", "/campaign", campaign_xml(name="SALES", group=5001))
    assert (again.status_code, error_types(again)) == (400, {"name": "invalidInput.duplicateName"})
    assert ucce_client.send("DELETE", f"/campaign/{number}").status_code == 200
    assert ucce_client.get(f"/campaign/{number}").status_code == 404
    assert ucce_client.create(name="Sales") > number


def test_a_skill_group_belongs_to_one_campaign_only(ucce_client: Client) -> None:
    ucce_client.create(name="First", group=5004)
    second = ucce_client.send("POST", "/campaign", campaign_xml(name="Second", group=5004))
    assert (second.status_code, error_types(second)) == (400, {"skillGroup": "invalidInput.reference"})


def test_an_update_changes_only_what_it_names(ucce_client: Client) -> None:
    number = ucce_client.create("<description>before</description>")
    assert ucce_client.update(number, "<enabled>false</enabled>").status_code == 200
    campaign = ucce_client.campaign(number)
    assert campaign.findtext("enabled") == "false"
    assert campaign.findtext("description") == "before"
    assert campaign.findtext("changeStamp") == "1"
    assert ucce_client.update(number, "<description/>").status_code == 200
    assert ucce_client.campaign(number).find("description") is None


def test_what_was_read_can_be_put_back_whole(ucce_client: Client) -> None:
    number = ucce_client.create()
    body = ucce_client.get(f"/campaign/{number}").text
    assert ucce_client.send("PUT", f"/campaign/{number}", body).status_code == 200


def test_an_update_without_a_change_stamp_fails(ucce_client: Client) -> None:
    number = ucce_client.create()
    response = ucce_client.send("PUT", f"/campaign/{number}", "<campaign><enabled>false</enabled></campaign>")
    assert (response.status_code, error_types(response)) == (400, {"changeStamp": "invalidInput.fieldRequired"})


def test_a_stale_change_stamp_is_a_conflict_and_changes_nothing(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.update(number, "<maxAttempts>4</maxAttempts>")
    stale = "<campaign><changeStamp>0</changeStamp><maxAttempts>9</maxAttempts></campaign>"
    assert ucce_client.send("PUT", f"/campaign/{number}", stale).status_code == 409
    assert ucce_client.campaign(number).findtext("maxAttempts") == "4"


def test_skill_groups_are_added_and_removed_by_an_update(ucce_client: Client) -> None:
    number = ucce_client.create(group=5004)
    added = f"<skillGroupInfosAdded>{skill_group_xml(5001)}</skillGroupInfosAdded>"
    removed = f"<skillGroupInfosRemoved>{skill_group_xml(5004)}</skillGroupInfosRemoved>"
    assert ucce_client.update(number, added + removed).status_code == 200
    names = ucce_client.campaign(number).findall("skillGroupInfos/skillGroupInfo/skillGroup/name")
    assert [name.text for name in names] == ["Sales"]


def test_campaigns_are_searched_sorted_and_paged(ucce_client: Client) -> None:
    for index, name in enumerate(["beta", "Alpha", "gamma"]):
        ucce_client.create(f"<description>number {index}</description>", name=name, group=5001 + index)

    def names(query: str) -> list[str | None]:
        return [name.text for name in xml(ucce_client.get(f"/campaign{query}")).findall("campaigns/campaign/name")]

    assert names("") == ["Alpha", "beta", "gamma"]
    assert names("?sort=name%20desc") == ["gamma", "beta", "Alpha"]
    assert names("?sort=description") == ["beta", "Alpha", "gamma"]
    assert names("?q=ALPH") == ["Alpha"]
    assert names("?q=number%202") == ["gamma"]
    assert names("?q=name:a%20description:1") == ["Alpha"]
    assert names("?resultsPerPage=2") == ["Alpha", "beta"]
    assert ucce_client.get("/campaign?sort=changeStamp").status_code == 400


def test_a_campaign_of_the_campaign_tool_is_not_visible(ucce_client: Client) -> None:
    response = ucce_client.get("/campaign/5000")
    assert (response.status_code, error_types(response)) == (404, {"": "CceDBDataNotFoundException"})
    assert error_types(ucce_client.get("/campaign/4711")) == {"": "notFound.dbData"}
    assert ucce_client.send("POST", "/campaign", campaign_xml(name="Legacy_Campaign")).status_code == 400


def test_the_emergency_stop_disables_every_campaign(ucce_client: Client) -> None:
    numbers = [ucce_client.create(name="One", group=5001), ucce_client.create(name="Two", group=5002)]
    assert ucce_client.send("PUT", "/campaign/disable").status_code == 200
    assert [ucce_client.campaign(number).findtext("enabled") for number in numbers] == ["false", "false"]
    assert ucce_client.campaign(numbers[0]).findtext("changeStamp") == "1"


def test_an_asynchronous_write_is_polled_until_it_has_its_answer(ucce_client: Client) -> None:
    response = ucce_client.send("POST", "/campaign?async=true", campaign_xml())
    assert response.status_code == 202
    assert "<progress>IN_QUEUE</progress>" in response.text
    path = urlsplit(response.headers["Location"]).path.removeprefix("/unifiedconfig/config")
    assert ucce_client.get(path).status_code == 202
    done = ucce_client.get(path)
    assert done.status_code == 201
    assert ucce_client.campaign(int(done.headers["Location"].rpartition("/")[2])).findtext("name") == "Sales"


def test_time_zones_are_listed_west_to_east_and_found_by_their_encoded_name(ucce_client: Client) -> None:
    names = [
        zone.text for zone in xml(ucce_client.get("/timezone?resultsPerPage=100")).findall("timeZones/timeZone/name")
    ]
    assert names[0] == "Dateline Standard Time"
    eastern = xml(ucce_client.get("/timezone/Eastern%20Standard%20Time"))
    assert eastern.findtext("displayName") == "(UTC-05:00) Eastern Time (US & Canada)"
    assert (eastern.findtext("bias"), eastern.findtext("dstObserved")) == ("300", "true")
    assert eastern.findtext("dstName") == "Eastern Daylight Time"
    assert xml(ucce_client.get("/timezone/Russian%20Standard%20Time")).findtext("bias") == "-180"
    assert ucce_client.get("/timezone/Mars").status_code == 404


def test_skill_groups_are_listed_for_references(ucce_client: Client) -> None:
    found = xml(ucce_client.get("/skillgroup?q=bill"))
    assert found.findtext("skillGroups/skillGroup/refURL") == "/unifiedconfig/config/skillgroup/5000"
    assert found.findtext("skillGroups/skillGroup/name") == "Billing"
    assert xml(ucce_client.get("/skillgroup/5001")).findtext("name") == "Sales"
    assert ucce_client.get("/skillgroup/1").status_code == 404
