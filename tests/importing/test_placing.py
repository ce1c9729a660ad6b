"""Where the parts of a report go, whatever it calls them and in whatever order it has them."""

from __future__ import annotations

import datetime

import pytest

from bot.importing import best_outline, propose, read_report
from bot.incoming import Written
from prompts.library import Library
from prompts.plan import Plan
from prompts.render import draft
from tests.importing.comparing import TODAY, again, folded

TEXT = "全年共开展相关工作12次，覆盖群众3000余人次，取得了较好的成效，得到了上级部门和群众的一致认可。"
OWN = ""

TOWN = "清源县青石镇人民政府\n2024年1月29日"
REPORTS: dict[str, tuple[str, str, str, list[tuple[str, str]], str]] = {
    "履责在前": ("rule-of-law-township", "青石镇2023年度法治政府建设情况报告", "2023年，青石镇扎实推进法治政府建设，现将情况报告如下：", [
        ("一、党政主要负责人履行推进法治建设第一责任人职责情况", "leadership"),
        ("二、2023年法治政府建设主要举措和成效", "work"),
        ("（一）健全依法决策机制", "work/decisions"),
        ("（二）推进严格规范公正文明执法", "work/enforcement"),
        ("（三）推进矛盾纠纷多元化解", "work/disputes"),
        ("（四）加强政务公开和行政权力监督", "work/openness"),
        ("三、存在的问题和原因", "shortcomings"),
        ("四、下一步工作安排", "plan"),
    ], TOWN),
    "履责是其中一项": ("rule-of-law-township", "青石镇2023年度法治政府建设工作报告", "2023年，青石镇扎实推进法治政府建设，现将情况报告如下：", [
        ("一、2023年工作开展情况", "work"),
        ("（一）党政主要负责人履行第一责任人职责情况", OWN),
        ("（二）加强党的领导，健全工作机制", "work/organisation"),
        ("（三）规范行政执法行为", "work/enforcement"),
        ("二、存在问题", "shortcomings"),
        ("三、2024年工作计划", "plan"),
    ], TOWN),
    "法定的五项": ("rule-of-law-township", "小龙门乡2023年法治政府建设年度报告", "2023年，小龙门乡扎实推进法治政府建设，现将情况报告如下：", [
        ("一、主要举措和成效", "work"),
        ("（一）提升执法水平", "work/enforcement"),
        ("（二）加强法治宣传", "work/publicity"),
        ("二、存在的不足和原因", "shortcomings"),
        ("三、党政主要负责人履行推进法治建设第一责任人职责情况", "leadership"),
        ("四、下一年度主要安排", "plan"),
        ("五、其他需要报告的情况", "other"),
    ], "小龙门乡人民政府\n2024年1月29日"),
    "没有分层": ("rule-of-law-township", "青石镇2023年度法治政府建设情况报告", "2023年，青石镇扎实推进法治政府建设，现将情况报告如下：", [
        ("一、加强组织领导", OWN),
        ("二、强化学法用法", OWN),
        ("三、规范行政执法", OWN),
        ("四、存在的问题", "shortcomings"),
        ("五、下步打算", "plan"),
    ], TOWN),
    "部门": ("rule-of-law-department", "清源县水利局关于2023年度法治政府建设情况的报告", "2023年，县水利局认真贯彻习近平法治思想，现将情况报告如下：", [
        ("一、2023年推进法治政府建设的主要举措和成效", "work"),
        ("（一）加强组织领导", "work/organisation"),
        ("（二）依法全面履行职能", "work/functions"),
        ("（三）规范执法行为", "work/enforcement"),
        ("（四）自觉接受监督", "work/oversight"),
        ("二、履行第一责任人职责情况", "leadership"),
        ("三、存在的不足和原因", "shortcomings"),
        ("四、2024年主要安排", "plan"),
    ], "清源县水利局\n2024年2月20日"),
    "部门总结": ("department-annual-summary", "清源县农业农村局2023年工作总结和2024年工作计划", "2023年，县农业农村局各项工作取得新成效。", [
        ("一、2023年工作完成情况", "work"),
        ("（一）主要指标完成情况", "work/targets"),
        ("（二）党的建设全面加强", "work/party"),
        ("二、存在的问题", "problems"),
        ("三、2024年工作计划", "plan"),
    ], "清源县农业农村局\n2024年1月10日"),
    "信息公开": ("government-information-disclosure", "清源县青石镇人民政府2023年政府信息公开工作年度报告", "根据《中华人民共和国政府信息公开条例》编制本报告。", [
        ("一、总体情况", "overview"),
        ("（一）主动公开", "overview/proactive"),
        ("（二）依申请公开", "overview/on-request"),
        ("（三）平台建设", "overview/platform"),
        ("二、主动公开政府信息情况", "proactive-tables"),
        ("三、收到和处理政府信息公开申请情况", "applications"),
        ("四、政府信息公开行政复议、行政诉讼情况", "disputes"),
        ("五、存在的主要问题及改进情况", "problems"),
        ("六、其他需要报告的事项", "other"),
    ], TOWN),
    "述职": ("leadership-duty-report", "青石镇党委、政府领导班子2023年度述职述廉报告", "2023年，班子团结带领全镇干部群众，认真履职，现述职如下：", [
        ("一、履职情况", "work"),
        ("（一）经济发展", "work/business"),
        ("（二）社会治理", "work/governance"),
        ("二、党风廉政建设情况", "integrity"),
        ("三、存在的问题", "problems"),
        ("四、下一步努力方向", "plan"),
    ], "青石镇党委、政府领导班子\n2024年1月10日"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REPORTS)
def test_parts_go_where_they_belong(library: Library, kind: str) -> None:
    id, title, opening, headings, end = REPORTS[kind]
    lines = [title, opening]
    for i, (heading, _) in enumerate(headings):
        below = i + 1 < len(headings) and headings[i + 1][0].startswith("（") and not heading.startswith("（")
        lines.append(f"{heading}。{TEXT}" if heading.startswith("（") else heading)
        lines += [] if heading.startswith("（") or below else [TEXT]
    found = again("a.txt", "\n".join([*lines, end]).encode(), library)
    assert found.proposal.outline.id == id
    where = {folded(one.heading): one.section for one in found.proposal.placed if one.heading}
    assert where == {folded(heading): section for heading, section in headings}
    assert list(found.lost()) == []
    assert found.in_order()


SPEECH = """青石镇人民政府工作报告
——2024年1月10日在青石镇第十九届人民代表大会第四次会议上
镇长　张明
各位代表：
现在，我代表镇人民政府，向大会报告工作，请予审议，并请列席人员提出意见。
一、2023年工作回顾
2023年，全镇实现地区生产总值14.6亿元，增长6.1%。主要做了以下工作：
（一）产业发展提质增效。新建项目12个，完成投资3.2亿元，新增规上企业2家，接待游客36万人次。
（二）民生福祉持续增进。新增城镇就业230人，发放救助资金812万元，养老机构床位达120张。
二、2024年工作总体要求和主要目标
总体要求是：坚持稳中求进。主要预期目标是：地区生产总值增长6%；一般公共预算收入增长5%。
三、2024年重点工作
（一）聚力抓产业。新引进企业5家，完成投资3.5亿元。
（二）聚力抓民生。新增就业200人，改造农村公路12公里。
四、加强政府自身建设
坚持依法行政，廉洁从政，自觉接受人大监督。
"""
CLOSING = "各位代表！蓝图已绘就，奋进正当时。让我们在镇党委的坚强领导下，为建设幸福青石而努力奋斗！"


def test_a_speech_tells_who_spoke_where_and_when(library: Library) -> None:
    found = again("a.txt", (SPEECH + CLOSING).encode(), library)
    assert found.proposal.outline.id == "township-government-work-report"
    assert [one.section for one in found.proposal.placed] == [
        "opening", "review", "review/economy", "review/livelihood", "goals", "tasks", "self",
    ]  # fmt: skip
    content = found.proposal.kept(figures=True)
    typed = {key: answer.parts[0].typed for key, answer in content.answers.items() if answer.parts}
    assert typed.items() >= {
        "short": "青石镇", "congress": "十九", "session": "四", "meeting_day": "2024年1月10日", "speaker_post": "镇长", "speaker": "张明",
        "year": "2023", "gdp": "14.6亿元", "gdp_change": "增长6.1%",
    }.items()  # fmt: skip
    assert list(found.lost()) == [] and found.in_order()


def test_a_speech_closes_in_its_own_words(library: Library) -> None:
    assert again("a.txt", (SPEECH + CLOSING).encode(), library).ratio >= 0.99


def test_a_yes_is_taken_from_the_closing_and_said_once(library: Library) -> None:
    written = "青石镇2023年度法治政府建设情况报告\n一、工作情况\n做了工作。\n特此报告。\n青石镇人民政府\n2024年1月29日"
    lines = [Written(line) for line in written.split("\n")]
    for _ in range(2):  # looking at a proposal twice does not wear it out
        report = read_report(lines)
        outline = best_outline(report, library)
        first, second = propose(report, outline, TODAY), propose(report, outline, TODAY)
        assert first.digest == second.digest
        content = second.kept(figures=True)
        assert content.answers["formal_end"].value is True
        text = [line.text for line in draft(Plan(outline, content, TODAY)).lines()]
        assert text.count("特此报告。") == 1


def test_what_the_report_does_not_say_is_not_made_up(library: Library) -> None:
    report = read_report([Written("一、工作情况"), Written("做了工作。")])
    content = propose(report, library["rule-of-law-township"], datetime.date(2026, 1, 1)).kept(figures=True)
    assert set(content.answers) <= {"formal_end"}


def test_headings_without_text_and_points_stay_as_they_are(library: Library) -> None:
    lines = [
        "青石镇2023年度法治政府建设情况报告",
        "一、工作情况",
        "（一）学法",
        "1.制定计划。",
        "2.组织考试。",
        "（二）普法",
        "发放资料300份。",
    ]
    found = again("a.txt", "\n".join(lines).encode(), library)
    drafted = [line.strip() for line in found.text.split("\n")]
    assert [line for line in lines[1:] if line not in drafted] == []


def test_a_title_tells_office_and_year(library: Library) -> None:
    report = read_report(
        [Written("青石镇2023年度法治政府建设情况报告"), Written("一、工作情况"), Written("做了工作。")]
    )
    content = propose(report, library["rule-of-law-township"], TODAY).kept(figures=True)
    assert content.answers["unit"].value == "青石镇"
    assert content.answers["year"].value == 2023
    assert "title" not in content.settings
