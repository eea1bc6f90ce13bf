"""Which families the rows of a file are about, so that nobody reads of a family they have a tie to (docs/adr/0017)."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from counties.access import Access
from counties.models import Job
from exchange.uploads import zip_of
from families.models import Child, Family, Parent
from referrals.models import Referral

Cells = Mapping[str, str]


def families_of(rows: Mapping[int, Cells]) -> dict[str, list[str]]:
    """Ids of the recorded families that each row names, by row number; rows that name none are left out.

    A family is named by its own id, by a parent's, a child's or a referral's; of a merged record it is the kept one.
    """
    kept = {str(row.pk): str(end) for row, end in Family.merged_away()}
    sources = [
        ("family_id", Family.with_merged, "pk"), ("parent_id", Parent.with_merged, "family_id"),
        ("child_id", Child.objects, "family_id"), ("referral_id", Referral.objects, "family_id"),
    ]  # fmt: skip
    found: dict[str, set[str]] = {}
    for column, manager, to_family in sources:
        named = {number: cells[column] for number, cells in rows.items() if cells.get(column)}
        known = dict(manager.filter(source_id__in=set(named.values())).values_list("source_id", to_family))
        for number, own_id in named.items():
            if own_id in known:
                family = str(known[own_id])
                found.setdefault(str(number), set()).add(kept.get(family, family))
    return {number: sorted(families) for number, families in found.items()}


def hidden_rows(access: Access, job: Job) -> dict[str, set[int]]:
    """By file, the rows of a finished import that name a family this person may not open."""
    files = {file["name"]: file.get("families", {}) for file in job.result.get("files", [])}
    named = {pk for rows in files.values() for families in rows.values() for pk in families}
    known = Family.objects.filter(pk__in=named)
    seen = Family.objects.visible_to(access).filter(pk__in=named).values("pk")
    hidden = {str(pk) for pk in known.exclude(pk__in=seen).values_list("pk", flat=True)} if named else set()
    return {
        name: {int(number) for number, families in rows.items() if hidden & set(families)}
        for name, rows in files.items()
    }


def shown(file: Mapping[str, Any], hidden: set[int]) -> dict[str, Any]:
    """What the page may say of one file: refused rows and warnings without those that are hidden."""
    warned = [
        {"text": one["text"], "rows": rows}
        for one in file["warned"]
        if (rows := [row for row in one["rows"] if row not in hidden])
    ]
    rows = [one for one in file["rows"] if one["row"] not in hidden]
    return {**file, "rows": rows, "warned": warned, "hidden": len(hidden)}


def without(content: bytes, file_name: str, hidden: Mapping[str, Iterable[int]]) -> bytes:
    """The file of refused rows without the hidden ones; the same bytes when there are none."""
    if not any(hidden.values()):
        return content
    if not file_name.endswith(".zip"):
        return _csv_without(content, set(hidden[file_name.split(".")[0]]))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    return zip_of({name: _csv_without(part, set(hidden[name.split(".")[0]])) for name, part in parts.items()})


def _csv_without(content: bytes, hidden: set[int]) -> bytes:
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    out = io.StringIO(newline="")
    number = len(header) - 2  # `row` and `reason` come last (`reading.ADDED`)
    csv.writer(out).writerows([header, *(row for row in rows if int(row[number]) not in hidden)])
    return out.getvalue().encode("utf-8-sig")
