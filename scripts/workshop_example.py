"""Write ``data/examples/workshop.csv``: a workshop of sixty rows as a coach would export it, with eight kinds of bad row.

Drafts are from the labelled corpus, training writers only; the first drafts of those who sent two are written below. Names of the
participants are invented. Run it again after changing it: ``python scripts/workshop_example.py``.
"""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "data" / "examples" / "workshop.csv"
SEED = 20261201
COLUMNS = (
    "Response ID",
    "Student",
    "Email text",
    "Interview notes",
    "Interviewer name",
    "Company name",
    "Role",
    "Type",
    "Interview date",
    "Mood",
)
STUDENTS = (
    *(
        "Amara Osei",
        "Bo Lindqvist",
        "Carmen Ruiz",
        "Dev Patel",
        "Elif Kaya",
        "Finn O'Hara",
        "Grace Liu",
        "Hamza Aziz",
        "Ines Moreau",
    ),
    *(
        "Jonas Weber",
        "Kofi Mensah",
        "Lena Novak",
        "Mateo Silva",
        "Nadia Haddad",
        "Oskar Berg",
        "Priti Shah",
        "Quentin Roy",
    ),
    *(
        "Rosa Marino",
        "Sami Virtanen",
        "Tala Rahimi",
        "Umar Sesay",
        "Vera Petrova",
        "Wen Zhang",
        "Ximena Cruz",
        "Yusuf Demir",
    ),
    *(
        "Zofia Lis",
        "Aiden Clarke",
        "Bilal Khan",
        "Chloe Martin",
        "Dario Conti",
        "Esther Cohen",
        "Farah Nasser",
        "Gita Rao",
    ),
    *("Hugo Meyer", "Isla Grant", "Joao Pinto", "Keiko Mori", "Liam Walsh", "Mina Park", "Noor Ali", "Olga Ivanova"),
)
SECOND_DRAFTS = 8
FIRST_DRAFTS = (
    "Dear {name},\n\nThank you so much for taking the time to meet with me. I really enjoyed learning more about your company and I "
    "think it would be a great oportunity for my career. I am a hard worker and a fast learner.\n\nI look forward to hear from you.\n\n"
    "Best,\n{student}",
    "Hi {name}!!!\n\nIt was AMAZING to meet you!! I have always dreamed of a place like this and I would do anything to get the job. "
    "Please, please consider me, I really need this. When can I expect your answer? I have an other offer and need to know by "
    "tomorrow.\n\n{student}",
    "Dear Sir or Madam,\n\nI am writing to express my sincere gratitude for the interview. As per my resume, I possess excellent "
    "communication skills, I am a team player and I believe that I am a perfect fit for the position. I would gain valuable "
    "experience and grow professionally in your esteemed organisation.\n\nYours faithfully,\n{student}",
)
# a handout that two copied and filled in
HANDOUT = (
    "Dear {name},\n\nThank you for meeting with me {day} about the {role} position. I enjoyed hearing how your team at {company} plans its "
    "work, and our talk made me even more certain that this is a place where I could contribute from the first week. What you said "
    "about the months ahead stayed with me on the way home.\n\nIf there is anything else I can send you, I will gladly do so.\n\n"
    "Kind regards,\n{student}"
)
GERMAN = (
    "Sehr geehrte Frau Krause,\n\nvielen Dank für das freundliche Gespräch am Dienstag. Besonders hat mich gefreut, dass Sie mir die neue "
    "Abteilung gezeigt haben. Über eine Zusage würde ich mich sehr freuen.\n\nMit freundlichen Grüßen\nJonas Weber"
)


def main() -> None:
    """Write the file."""
    rng = random.Random(SEED)
    held_out = set(json.loads((ROOT / "data/labelled/splits.json").read_text())["held_out_writers"])
    cases = [json.loads(line) for line in (ROOT / "data/labelled/cases.jsonl").open(encoding="utf-8")]
    cases = [case for case in cases if case["id"][0] not in held_out and case["interviewer"] and case["company"]]
    ratings = [json.loads(line) for line in (ROOT / "data/labelled/ratings.jsonl").open(encoding="utf-8")]
    good = {rating["id"] for rating in ratings if rating["overall"] >= 4}
    better = rng.sample([case for case in cases if case["id"] in good and case["kind"] == "thank_you"], SECOND_DRAFTS)
    others = rng.sample([case for case in cases if case not in better], len(STUDENTS) - SECOND_DRAFTS - 2)
    rows: list[list[str]] = []
    students = list(STUDENTS)
    for number, case in enumerate(better):
        student = students.pop(0)
        first = FIRST_DRAFTS[number % 3].format(name=_short(case["interviewer"]), student=student)
        rows += [_row(case, student, first), _row(case, student, case["draft"])]
    for case in others:
        rows.append(_row(case, students.pop(0), case["draft"]))
    for number, case in enumerate(rng.sample([case for case in cases if case["kind"] == "thank_you"], 2)):
        student = students.pop(0)
        filled = HANDOUT.format(
            name=_short(case["interviewer"]), day=("on Tuesday", "last week")[number], student=student, **_fields(case)
        )
        rows.append(_row(case, student, filled))
    copied = list(rows[20])
    copied[1], copied[2] = "Pia Sorensen", copied[2].replace("Thank you", "Many thanks", 1)
    rows.append(copied)
    rows += [
        _row(case, f"Guest {number}", case["draft"])
        for number, case in enumerate(rng.sample(others, 60 - 8 - len(rows)), 1)
    ]
    bad = _bad_rows(rng.sample(others, 8))
    for place, row in zip((3, 9, 15, 22, 30, 37, 44, 51), bad, strict=True):
        rows.insert(place, row)
    numbered = [[str(number), *row[1:]] for number, row in enumerate(rows, start=1)]
    numbered[30][0] = "12"  # an id that stands twice
    with TARGET.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(numbered)


def _bad_rows(cases: list[dict[str, str]]) -> list[list[str]]:
    """Empty, a formula, far too long, not English, an id twice (given later), an unknown type, a day that does not exist, torn."""
    rows = [_row(case, f"Late arrival {number}", case["draft"]) for number, case in enumerate(cases, start=1)]
    rows[0][2] = ""
    rows[1][2] = '=CONCATENATE(B2," ",C2)'
    rows[2][2] = f"{rows[2][2]}\n\n" * 40
    rows[3][2] = GERMAN
    rows[5][7] = "cover letter"
    rows[6][8] = "2026-02-30"
    rows[7] += ["what is this", "cell for?"]
    return rows


def _row(case: dict[str, str], student: str, draft: str) -> list[str]:
    return [
        "",
        student,
        draft,
        case["notes"],
        case["interviewer"],
        case["company"],
        case["role"],
        case["kind"].replace("_", " "),
        "",
        "fine",
    ]


def _fields(case: dict[str, str]) -> dict[str, str]:
    return {"role": case["role"], "company": case["company"]}


def _short(interviewer: str) -> str:
    return interviewer.split(";")[0].split(",")[0].strip().split()[0]


if __name__ == "__main__":
    main()
