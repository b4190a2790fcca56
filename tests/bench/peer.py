#!/usr/bin/env python3
"""peer.py FILE DATABASE - the script that a user would write today: csv, 14
regular expressions, sqlite3 with executemany. What `ingest` is compared with.
"""
import csv
import re
import sqlite3
import sys

RULES = [(name, re.compile(pattern, re.I)) for name, pattern in (
    ("quota", r"quota|mailbox (is )?full|out of storage|over limit"),
    ("unknown", r"user unknown|no such user|does not exist|unknown user"),
    ("unknown", r"recipient ?not ?found|mailbox unavailable|invalid mailbox"),
    ("disabled", r"disabled|inactive|suspended|no longer (active|available)"),
    ("domain", r"domain (not found|does not exist)|null mx|no such domain"),
    ("blocklist", r"spamhaus|spamcop|barracuda|blocked using|block ?list"),
    ("spam", r"unsolicited|spam|junk|likely.*unsolicited"),
    ("reputation", r"reputation|poor.*sender|user complaints"),
    ("auth", r"\b(spf|dkim|dmarc)\b|unauthenticated|authenticat"),
    ("rate", r"too many|rate limit|deferred|unexpected volume|concurrent"),
    ("greylist", r"gr[ae]y-?list"),
    ("size", r"message (size|too large|too big)"),
    ("relay", r"relay(ing)? (access )?denied|not permitted to relay"),
    ("temporary", r"temporar|try again|timed? ?out"),
)]


def classify(text):
    for name, pattern in RULES:
        if pattern.search(text):
            return name
    return "other"


def main(path, database):
    db = sqlite3.connect(database)
    db.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
        "CREATE TABLE event (time TEXT, kind TEXT, address TEXT, class TEXT,"
        " diag TEXT);"
        "CREATE TABLE suppression (address TEXT PRIMARY KEY, class TEXT,"
        " time TEXT) WITHOUT ROWID;")
    events, gone = [], []

    def flush():
        db.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?)", events)
        db.executemany("INSERT OR IGNORE INTO suppression VALUES (?, ?, ?)",
                       gone)
        db.commit()
        events.clear()
        gone.clear()

    with open(path, newline="", encoding="utf-8", errors="replace") as f:
        for row in csv.DictReader(f):
            kind = row["type"]
            if kind == "d":
                continue
            address = row["rcpt"].lower()
            diag = row["dsnDiag"]
            what = "complaint" if kind == "f" else classify(diag)
            events.append((row["timeLogged"], kind, address, what, diag))
            if kind == "f" or (kind in ("b", "rb") and what in
                               ("unknown", "disabled", "domain")):
                gone.append((address, what, row["timeLogged"]))
            if len(events) >= 10000:
                flush()
    flush()
    db.close()


main(sys.argv[1], sys.argv[2])
