"""What is kept: TinyDB files that a crash cannot tear, one per report and one per person."""

from store.errors import Changed, Damaged, InUse, NotFound, NotSaved, StoreError, Unreadable
from store.folder import Store
from store.people import OpenPerson, People, Person
from store.reports import (
    Change,
    Edit,
    Link,
    Member,
    OpenReport,
    Place,
    Report,
    Reports,
    applied,
    local_time,
    now,
)
from store.storage import DurableStorage

__all__ = [
    "Change", "Changed", "Damaged", "DurableStorage", "Edit", "InUse", "Link", "Member", "NotFound", "NotSaved", "OpenPerson",
    "OpenReport", "People", "Person", "Place", "Report", "Reports", "Store", "StoreError", "Unreadable", "applied", "local_time", "now",
]  # fmt: skip
