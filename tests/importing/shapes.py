"""Reports as offices write them, each in another shape: what an importer meets. All offices and figures are invented."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

TITLE = "清源县青石镇人民政府2023年度法治政府建设情况报告"
OPENING = (
    "2023年度，青石镇在县委、县政府的坚强领导下，坚持以习近平新时代中国特色社会主义思想为指导，深入学习贯彻习近平法治思想和党的二十大精神，"
    "严格依法履行职责，全面推进法治政府建设。现将有关情况报告如下："
)
# heading, text; one level below the part
WORK = [
    ("加强组织领导，压实工作责任", "成立由镇长任组长的法治政府建设工作领导小组，召开专题会议4次，将法治建设纳入年度考核，做到与经济社会发展同部署、同推进。"),
    ("深化学法用法，提升法治素养", "坚持党委理论学习中心组学法制度，全年集体学法5次，组织干部参加网上考试68人，参考率100%，领导干部旁听庭审2次。"),
    ("加大宣传力度，营造法治氛围", "利用赶场天、院坝会开展普法宣传，悬挂标语40余条，制作展板12块，发放宣传资料3500余份，召开院坝会36场，受教育群众6000余人次。"),
    ("规范行政执法，严格公正文明", "现有持证执法人员14名，开展执法检查120次，办理行政处罚案件9件，全面落实行政执法“三项制度”。"),
    ("化解矛盾纠纷，维护社会稳定", "全年排查矛盾纠纷126件，化解125件，人民调解委员会成功调解矛盾纠纷98件，有效维护了社会和谐稳定。"),
    ("畅通信访渠道，回应群众诉求", "受理群众来信来访86件、112人次，化解82件，落实领导干部接访下访和包案化解制度。"),
]  # fmt: skip
LEADERSHIP = "一是党委书记、镇长带头履行推进法治建设第一责任人职责，主持召开专题会议4次，听取工作汇报4次。二是带头学法讲法，主要负责人讲法治课2次。三是述职述法，将履行第一责任人职责情况纳入年度述职。"
SHORTCOMINGS = [
    ("法治意识还不够强", "个别干部对法治政府建设的重要性认识不足，运用法治思维解决问题的能力有待提高，学习存在走过场的现象。"),
    ("执法力量薄弱", "镇综合行政执法队伍人员少、任务重，专业人员缺乏，执法水平与新形势的要求还有差距。"),
    ("宣传方式单一", "普法宣传仍以发资料、挂横幅为主，针对性和实效性不强，群众参与度不高。"),
]  # fmt: skip
PLANS = [
    ("进一步加强组织领导", "把法治政府建设摆在更加突出的位置，细化责任分工，健全考核机制，推动各项任务落地见效。"),
    ("进一步规范行政执法", "加强执法队伍建设和业务培训，全年组织执法培训不少于6次，严格落实重大执法决定法制审核制度。"),
    ("进一步创新普法方式", "用好新媒体平台，推出一批群众喜闻乐见的法治文化产品，让法治观念深入人心。"),
]  # fmt: skip
HEADS = (
    "2023年工作开展情况",
    "党政主要负责人履行推进法治建设第一责任人职责情况",
    "存在的不足和原因",
    "2024年工作思路和打算",
)
OFFICE, DAY = "清源县青石镇人民政府", "2024年1月29日"
WHERE = {  # heading -> section of rule-of-law-township
    HEADS[0]: "work",
    WORK[0][0]: "work/organisation",
    WORK[1][0]: "work/study",
    WORK[2][0]: "work/publicity",
    WORK[3][0]: "work/enforcement",
    WORK[4][0]: "work/disputes",
    WORK[5][0]: "work/petitions",
    HEADS[1]: "leadership",
    HEADS[2]: "shortcomings",
    HEADS[3]: "plan",
}

ONES = "一二三四五六七八九十"


@dataclass(frozen=True)
class Shape:
    """A file, where its headings belong (none: everything may be a section of its own), and how near it comes back."""

    name: str
    filename: str
    content: bytes
    where: dict[str, str]
    ratio: float = 0.99


def numbered(
    *,
    top: Callable[[int], str] = lambda i: f"{ONES[i]}、",
    below: Callable[[int], str] = lambda i: f"（{ONES[i]}）",
    run_in: bool = True,
    order: tuple[int, ...] = (0, 1, 2, 3),
) -> list[str]:
    """The text of the report from its first heading on."""

    def points(pairs: list[tuple[str, str]]) -> Iterator[str]:
        for i, (heading, text) in enumerate(pairs):
            if run_in:
                yield f"{below(i)}{heading}。{text}"
            else:
                yield from (f"{below(i)}{heading}", text)

    parts = [list(points(WORK)), [LEADERSHIP], list(points(SHORTCOMINGS)), list(points(PLANS))]
    return [line for at, i in enumerate(order) for line in (f"{top(at)}{HEADS[i]}", *parts[i])]


def text(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\n".join(lines).encode(encoding)


def report(
    body: list[str], *, head: tuple[str, ...] = (TITLE,), tail: tuple[str, ...] = (OFFICE, DAY)
) -> bytes:
    return text(*head, OPENING, *body, *tail)


def half(text_: str) -> str:
    """As web pages often have it."""
    return text_.translate(str.maketrans("，：；（）？！", ",:;()?!"))


def word(
    paragraphs: list[tuple[str, str]], *, table: list[list[str]] | None = None, numbers: bool = False
) -> bytes:
    """A Word document of (style, text); `numbers`: Heading 1 and 2 are numbered by Word itself."""
    document = docx.Document()
    if numbers:
        _count_headings(document)
    for style, line in paragraphs:
        if style == "table":
            rows = table or []
            made = document.add_table(len(rows), len(rows[0]))
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    made.cell(i, j).text = cell
            continue
        document.add_paragraph(line, style=style or None)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _count_headings(document: docx.document.Document) -> None:  # type: ignore[name-defined]
    numbering = document.part.numbering_part.element
    shape = OxmlElement("w:abstractNum")
    shape.set(qn("w:abstractNumId"), "77")
    for level, words in ((0, "%1、"), (1, "（%2）")):
        made = OxmlElement("w:lvl")
        made.set(qn("w:ilvl"), str(level))
        for tag, value in (("start", "1"), ("numFmt", "chineseCountingThousand"), ("lvlText", words)):
            child = OxmlElement(f"w:{tag}")
            child.set(qn("w:val"), value)
            made.append(child)
        shape.append(made)
    numbering.insert(0, shape)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "77")
    link = OxmlElement("w:abstractNumId")
    link.set(qn("w:val"), "77")
    number.append(link)
    numbering.append(number)
    for level, name in enumerate(("Heading 1", "Heading 2")):
        properties = document.styles[name].element.get_or_add_pPr()
        in_list = OxmlElement("w:numPr")
        for tag, value in (("ilvl", str(level)), ("numId", "77")):
            child = OxmlElement(f"w:{tag}")
            child.set(qn("w:val"), value)
            in_list.append(child)
        properties.append(in_list)


def styled(*, title: str = "", first: int = 1, numbers: bool = False) -> bytes:
    """Headings by Word's styles only."""
    one, two = f"Heading {first}", f"Heading {first + 1}"
    lines = [(title, TITLE), ("", OPENING)]
    for head, points in zip(HEADS, (WORK, None, SHORTCOMINGS, PLANS), strict=True):
        lines.append((one, head))
        if points is None:
            lines.append(("", LEADERSHIP))
        for heading, below in points or ():
            lines += [(two, heading), ("", below)]
    return word([*lines, ("", OFFICE), ("", DAY)], numbers=numbers)


def shapes() -> Iterator[Shape]:
    usual = numbered()

    def txt(name: str, content: bytes, where: dict[str, str] = WHERE, ratio: float = 0.99) -> Shape:
        return Shape(name, f"{name}.txt", content, where, ratio)

    def docx_(name: str, content: bytes, where: dict[str, str] = WHERE, ratio: float = 0.99) -> Shape:
        return Shape(name, f"{name}.docx", content, where, ratio)

    yield txt("as usual", report(usual))
    yield txt("headings alone on their lines", report(numbered(run_in=False)))
    yield txt("half-width", half(report(usual).decode()).encode())
    yield txt("GB 18030", report(usual).decode().encode("gb18030"))
    yield txt("indented", text(*("　　" + line for line in report(usual).decode().split("\n"))))
    yield txt("blank lines between", report(usual).replace(b"\n", b"\r\n\r\n"))
    yield docx_("styles only", styled(), ratio=0.97)  # the draft numbers them
    yield docx_("title in a heading's style", styled(title="Heading 1", first=2), ratio=0.97)
    yield docx_("title and parts in one style", styled(title="Heading 1"), ratio=0.97)
    yield docx_("numbered by Word", styled(numbers=True))
    yield docx_("title in Title", styled(title="Title"), ratio=0.97)
    yield txt(
        "1. and （1）",
        report(numbered(top=lambda i: f"{i + 1}.", below=lambda i: f"（{i + 1}）")),
        ratio=0.97,
    )
    yield txt(
        "1、 and (1)", report(numbered(top=lambda i: f"{i + 1}、", below=lambda i: f"({i + 1})")), ratio=0.97
    )
    yield txt("一、 and 1.", report(numbered(below=lambda i: f"{i + 1}.")), ratio=0.98)
    yield txt(
        "（一） and 1.",
        report(numbered(top=lambda i: f"（{ONES[i]}）", below=lambda i: f"{i + 1}.")),
        ratio=0.97,
    )
    yield txt("第一部分", report(numbered(top=lambda i: f"第{ONES[i]}部分　")), ratio=0.98)
    yield txt("两行标题", report(usual, head=("清源县青石镇人民政府", "关于2023年度法治政府建设情况的报告")))
    yield txt(
        "三行标题", report(usual, head=("清源县青石镇人民政府", "关于2023年度法治政府建设情况的", "报告"))
    )
    yield txt("主送机关", report(usual, head=(TITLE, "县委、县政府：")))
    yield txt(
        "文号",
        report(usual, head=("青石府文〔2024〕3号", TITLE, "县委全面依法治县委员会办公室：")),
        ratio=0.98,
    )
    yield txt("署名在标题下", report(usual, head=(TITLE, OFFICE, "（2024年1月29日）"), tail=()), ratio=0.97)
    yield txt("两个单位落款", report(usual, tail=("中共清源县青石镇委员会", OFFICE, DAY)))
    yield txt("汉字日期", report(usual, tail=(OFFICE, "二〇二四年一月二十九日")))
    yield txt("汉字日期，零写成圈", report(usual, tail=(OFFICE, "二○二四年一月二十九日")))
    yield txt("日期里有空格", report(usual, tail=(OFFICE, "2024 年 1 月 29 日")))
    yield txt("日期补零", report(usual, tail=(OFFICE, "2024年01月29日")))
    yield txt("单位和日期在一行", report(usual, tail=(f"{OFFICE}　　{DAY}",)))
    yield txt("日期在前", report(usual, tail=(DAY, OFFICE)))
    yield txt("只有日期", report(usual, tail=(DAY,)), ratio=0.98)
    yield txt("只有单位", report(usual, tail=(OFFICE,)), ratio=0.98)
    yield txt("没有落款", report(usual, tail=()), ratio=0.97)
    yield txt("没有标题", report(usual, head=()), ratio=0.97)
    yield txt("没有标题和落款", report(usual, head=(), tail=()), ratio=0.96)
    yield txt("特此报告", report(usual, tail=("特此报告。", OFFICE, DAY)))
    yield txt("以上报告", report(usual, tail=("以上报告，请审阅。", OFFICE, DAY)))
    yield txt("此件公开发布", report(usual, tail=(OFFICE, DAY, "（此件公开发布）")))
    imprint = (
        "抄送：县委全面依法治县委员会办公室，县司法局。",
        "清源县青石镇党政办公室　　2024年1月30日印发",
    )
    yield txt(
        "抄送和印发",
        report(usual, tail=("特此报告。", OFFICE, DAY, "（此件公开发布）", *imprint)),
        ratio=0.97,
    )
    page = (
        "首页 > 政务公开 > 法治政府建设",
        "索引号：11500237008/2024-00012",
        TITLE,
        "发布时间：2024-02-01　来源：青石镇　浏览次数：128",
        "【字体：大 中 小】",
    )
    left = ("扫一扫在手机打开当前页", "【打印本页】 【关闭窗口】", "上一篇：没有了", "下一篇：没有了")
    yield txt("网页", report(usual, head=page, tail=(OFFICE, DAY, *left)), ratio=0.9)
    yield txt("章节次序不同", report(numbered(order=(1, 0, 3, 2))))
    yield txt("没有编号", text(TITLE, OPENING, *_plain(), OFFICE, DAY), _plain_where(), ratio=0.97)
    yield from _odd(usual, txt, docx_)


def _plain() -> list[str]:
    lines = [HEADS[0], *(text_ for _, text_ in WORK), HEADS[1], LEADERSHIP, HEADS[2]]
    return [*lines, *(f"{h}。{t}" for h, t in SHORTCOMINGS), HEADS[3], *(f"{h}。{t}" for h, t in PLANS)]


def _plain_where() -> dict[str, str]:
    return {head: WHERE[head] for head in HEADS}


def _odd(usual: list[str], txt: Callable[..., Shape], docx_: Callable[..., Shape]) -> Iterator[Shape]:
    extra = [
        "（七）推进食堂节约用餐。镇机关食堂推行按需取餐，厨余垃圾比上年减少三成，节约粮食1200公斤。",
        "（八）做好老年大学书画班。开设书画、声乐班各1个，招收学员45人，举办作品展2次。",
    ]
    yield txt("没有对应章节的部分", report([*usual[:7], *extra, *usual[7:]]))
    whole = [
        "五、援外医疗队员慰问",
        "春节前走访慰问援外医疗队员家属3户，送去慰问金和慰问品，协调解决子女入学问题1件。",
    ]
    yield txt("没有对应的一级章节", report([*usual, *whole]))
    listed = [
        usual[0],
        f"{usual[1]}重点抓了以下工作：",
        "1.健全制度。修订学法、普法、执法等制度6项，做到有章可循、按章办事。",
        "2.配强力量。新聘法律顾问1名，选配法治专干2名，村村都有法律明白人。",
        "3.强化考核。将法治建设纳入村（社区）年度考核，占3分。",
        *usual[2:],
    ]
    yield txt("段落里有1.2.3.", report(listed))
    short = [
        usual[0],
        f"{usual[1]}主要有以下措施：",
        "1.建立台账；",
        "2.落实责任；",
        "3.按月通报。",
        *usual[2:],
    ]
    yield txt("段落里有短的1.2.3.", report(short))
    in_opening = ["我们主要做了三件事：", "1.摸清底数；", "2.列出清单；", "3.逐项销号。"]
    yield txt("导语里有1.2.3.", report([*in_opening, *usual]))
    long = "（三）坚持系统观念，统筹推进普法依法治理各项工作，不断健全党委领导、政府主导、人大监督、政协支持、部门齐抓共管、社会力量广泛参与的大普法工作格局。全年开展活动36场。"
    yield txt(
        "一个标题很长",
        report([*usual[:3], long, *usual[4:]]),
        {k: v for k, v in WHERE.items() if v != "work/publicity"},
    )
    semicolons = [
        "（一）学习还不够深入；个别同志有应付思想；",
        "（二）执法力量还比较薄弱；专业人才缺乏；",
        "（三）宣传方式还比较单一；群众参与度不高。",
    ]
    yield txt("不足只有分号", report([*usual[:10], *semicolons, *usual[-4:]]))
    stopped = ["（一）学习还不够深入。", "（二）执法力量还比较薄弱。", "（三）宣传方式还比较单一。"]
    yield txt("不足只有一句", report([*usual[:10], *stopped, *usual[-4:]]))
    spaced = [f"（{ONES[i]}）{heading}　　{below}" for i, (heading, below) in enumerate(WORK)]
    yield txt("标题后面是空格", report([usual[0], *spaced, *usual[7:]]))
    twice = [line.replace("（四）", "（三）", 1) for line in usual]
    yield txt("编号写重了", report(twice))
    points = [
        "2023年推进法治政府建设的主要做法",
        "一是加强领导，二是强化学习，三是严格执法，四是化解纠纷，五是畅通信访，六是注重宣传。",
    ]
    yield txt(
        "一是二是",
        report([f"一、{points[0]}", points[1], *usual[7:]]),
        {k: v for k, v in WHERE.items() if "/" not in v and v != "work"},
    )
    yield txt("只有一段", text(TITLE, OPENING, OFFICE, DAY), {})
    yield txt(
        "附件在落款后",
        report(
            usual,
            tail=(
                OFFICE,
                DAY,
                "附件：1.普法活动清单",
                "2.执法案件清单",
                "附件1",
                "普法活动清单",
                *(f"第{i}场 院坝会宣讲" for i in range(1, 16)),
            ),
        ),
        ratio=0.98,
    )
    yield txt("附件在落款前", report(usual, tail=("附件：1.普法活动清单", "2.执法案件清单", OFFICE, DAY)))
    rows = [
        ["项目", "数量", "单位"],
        ["宣传资料", "3500余", "份"],
        ["标语", "40余", "条"],
        ["", "6000余", "人次"],
    ]
    body = [("", line) for line in usual]
    yield docx_(
        "表格",
        word(
            [("", TITLE), ("", OPENING), *body[:4], ("table", ""), *body[4:], ("", OFFICE), ("", DAY)],
            table=rows,
        ),
    )
    frame = [[line] for line in (TITLE, OPENING, *usual, OFFICE, DAY)]
    yield docx_("全文在表格里", word([("table", "")], table=frame))
