"""What the full name of an office says about it: 巫山县龙门街道办事处 is a 街道 called 龙门街道 below a 县."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(
    r"(?:[^县区旗市]{2,9}?(?:省|自治区))?"
    r"(?P<city>[^县区旗市]{1,12}?(?:市|自治州|地区|盟))?"
    r"(?P<county>.{1,12}?(?:县|市区|区|旗|市))?"
    r"(?P<name>.+?)(?P<level>街道|镇|乡)(?:党工委|党委|办事处|人民政府|政府)*(?:、.*)?"
)
# Zones have a 党工委 and a 管委会 above them, or not: that has to be asked.
_ZONES = ("新区", "开发区", "高新区", "示范区", "管理区", "园区", "度假区", "经开区", "试验区", "合作区")


@dataclass(frozen=True)
class Office:
    """Parts of an office's name; each is empty where the name does not say it."""

    short: str = ""  # 龙门街道
    level: str = ""  # 街道, 镇, 乡
    upper: str = ""  # what stands above it: 县, 区, 市, 旗

    @classmethod
    def of(cls, name: str) -> Office:
        """The office of this full name."""
        match = _NAME.fullmatch(name.strip())
        if not match:
            return cls()
        above = match["county"] or match["city"] or ""
        upper = "" if above.endswith(_ZONES) else next((u for u in "县区市旗" if above.endswith(u)), "")
        return cls(match["name"] + match["level"], match["level"], upper)
