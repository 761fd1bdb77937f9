"""Documents: every format keeps its contract, and hostile files end in a clear InputError."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.errors import AnalyzerError, FileError, InputError
from analyzer.reading import DOCUMENT_FORMATS, read_document, read_document_bytes
from analyzer.reading.formats import DocumentFormat
from analyzer.reading.html_text import html_to_text
from analyzer.reading.limits import MAX_DRAFT_CHARACTERS, MAX_NOTES_CHARACTERS, MAX_TEXT_FILE_BYTES
from analyzer.reading.markdown import strip_markdown

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NOTE = "Dear Zoë,\n\nThank you for today — it was great. 🙂\n\nBest,\nAnna"
plain_characters = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t\r")


def a_docx(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def a_mail(body: str = "", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "anna@example.org"
    for name, value in headers.items():
        mail[name] = value
    if body:
        mail.set_content(body)
    return mail


def a_zip(members: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


WRITERS: dict[str, Callable[[str], bytes]] = {
    "text": lambda text: text.encode(),
    "markdown": lambda text: text.encode(),
    "eml": lambda text: a_mail(text).as_bytes(),
    "docx": lambda text: a_docx(*text.split("\n")),
}


def refusal(data: bytes, name: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read_document_bytes(data, name)
    message = caught.value.message
    assert message.startswith(name) and message.endswith(".") and len(message) < 300, message
    return caught.value


@pytest.mark.parametrize("form", DOCUMENT_FORMATS, ids=lambda form: form.name)
class TestEveryFormat:
    def test_reads_the_words_it_was_given(self, form: DocumentFormat) -> None:
        assert form.read(WRITERS[form.name](NOTE), "a").strip("\n") == NOTE

    def test_gives_the_same_text_twice(self, form: DocumentFormat) -> None:
        data = WRITERS[form.name](NOTE)
        assert form.read(data, "a") == form.read(data, "a")

    def test_has_a_name_and_endings_of_its_own(self, form: DocumentFormat) -> None:
        others = {ending for other in DOCUMENT_FORMATS if other is not form for ending in other.endings}
        assert form.name and form.endings and not others & set(form.endings)
        assert all(ending == ending.lower() and ending.startswith(".") for ending in form.endings)

    @pytest.mark.parametrize("blank", ["", " \n\t\r\n"])
    def test_refuses_a_draft_without_words(self, form: DocumentFormat, blank: str) -> None:
        trouble = refusal(WRITERS[form.name](blank) if blank else b"", f"a{form.endings[0]}")
        assert trouble.code in ("empty_draft", "bad_eml")

    def test_refuses_a_draft_of_too_many_characters(self, form: DocumentFormat) -> None:
        name = f"a{form.endings[0]}"
        longest = "word " * (MAX_DRAFT_CHARACTERS // 5 - 1)
        assert read_document_bytes(WRITERS[form.name](longest), name).strip() == longest.strip()
        assert refusal(WRITERS[form.name]("word " * MAX_DRAFT_CHARACTERS), name).code == "too_large"

    def test_refuses_a_file_of_too_many_bytes(self, form: DocumentFormat) -> None:
        assert refusal(b"a" * (form.max_bytes + 1), f"a{form.endings[0]}").code == "too_large"

    def test_refuses_binary_data(self, form: DocumentFormat) -> None:
        data = bytes(range(256)) * 8
        assert refusal(data, f"a{form.endings[0]}").code in ("not_text", "bad_encoding", f"bad_{form.name}")

    @settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(data=st.binary(max_size=300))
    def test_reads_any_bytes_or_says_why_not(self, form: DocumentFormat, data: bytes) -> None:
        for bytes_given in (data, damaged(WRITERS[form.name](NOTE), data)):
            try:
                text = read_document_bytes(bytes_given, f"a{form.endings[0]}")
            except AnalyzerError as trouble:
                trouble.message.encode()
            else:
                assert text.strip() and text.encode()


def damaged(whole: bytes, patch: bytes) -> bytes:
    at = len(patch) * 37 % len(whole)
    return whole[:at] + patch + whole[at + len(patch) :]


class TestText:
    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.text(plain_characters, min_size=1).filter(lambda text: text.strip() and text[0] not in "\ufeff{%"))
    def test_utf8_reads_back_the_same(self, text: str) -> None:
        assert read_document_bytes(text.encode(), "a.txt") == text
        assert read_document_bytes(b"\xef\xbb\xbf" + text.encode(), "-") == text

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.text(plain_characters, min_size=1).filter(lambda text: text.strip() and "\ufeff" not in text))
    def test_utf16_with_its_mark_reads_back_the_same(self, text: str) -> None:
        assert read_document_bytes(text.encode("utf-16"), "a.txt") == text

    @pytest.mark.parametrize(
        ("encoding", "text"),
        [
            ("cp1252", "It\u2019s been great."),
            (
                "cp1252",
                "Dear Ms. O\u2019Brien,\r\n\r\n“Ship it” stuck with me \u2013 as did the €40m.\r\n\r\nBest,\r\nMüller",
            ),
            ("latin-1", "Dear Señor Peña, I enjoyed the café."),
            ("cp1250", "Dear Łukasz Wójcik, thank you. I enjoyed hearing how the Kraków team works."),
            ("mac_roman", "Dear Zoë, it\u2019s been great to meet José and hear about the plan."),
            ("cp1251", "Здравствуйте, спасибо за интервью вчера. Мне очень понравилось говорить о проекте."),
        ],
    )
    def test_old_encodings_are_guessed(self, encoding: str, text: str) -> None:
        assert read_document_bytes(text.encode(encoding), "a.txt") == text

    @pytest.mark.parametrize("data", [b"Dear\0Anna", b"Dear \x1b[31mAnna", b"\x7fELF\x02\x01", "a\u0085b".encode()])
    def test_control_characters_mean_binary(self, data: bytes) -> None:
        assert refusal(data, "a.txt").code == "not_text"

    def test_random_bytes_are_refused(self) -> None:
        data = random.Random(1).randbytes(2000)
        assert refusal(data, "noise").code in ("not_text", "bad_encoding")

    @pytest.mark.parametrize("data", [b"\xff\xfea", b"\xef\xbb\xbfabc\xff", b"\xff\xfe\x00\xd8a\x00"])
    def test_a_wrong_byte_order_mark_is_a_bad_encoding(self, data: bytes) -> None:
        assert refusal(data, "a.txt").code == "bad_encoding"

    @pytest.mark.parametrize(
        ("data", "cure"), [(b"%PDF-1.7 x", ".txt"), (b"PK\x03\x04x", ".docx"), (b"{\\rtf1 Hello}", ".docx")]
    )
    def test_wellknown_foreign_files_are_named(self, data: bytes, cure: str) -> None:
        trouble = refusal(data, "letter")
        assert trouble.code == "not_text" and cure in trouble.message

    def test_notes_may_be_empty_and_longer_than_a_draft(self) -> None:
        assert read_document_bytes(b"", "notes.txt", "notes") == ""
        assert len(read_document_bytes(b"a" * MAX_NOTES_CHARACTERS, "notes.txt", "notes")) == MAX_NOTES_CHARACTERS
        with pytest.raises(InputError, match="50,000"):
            read_document_bytes(b"a" * (MAX_NOTES_CHARACTERS + 1), "notes.txt", "notes")


class TestMarkdown:
    @pytest.mark.parametrize(
        ("marked", "plain"),
        [
            (
                "# Thank *you*\n\nDear **Anna**, it was __really__ _good_.",
                "Thank you\n\nDear Anna, it was really good.",
            ),
            ("## Title ##\ntext", "Title\ntext"),
            ("***all*** and **part *nested***", "all and part nested"),
            ("* one\n+ two\n- three\n  * deep\n1. first", "- one\n- two\n- three\n  - deep\n1. first"),
            ('see [the post](https://a.b/c_(d) "t") and ![a chart](x.png)', "see the post and a chart"),
            ("see [the post][1] and <https://a.b> <a@b.c>\n\n[1]: https://a.b", "see the post and https://a.b a@b.c\n"),
            ("```python\na_b = *c* # d\n```\nafter", "a_b = *c* # d\nafter"),
            ("run `make *all*` now", "run make *all* now"),
            ("snake_case_name, 2 * 3 * 4, 5*3*2, price*", None),
            ("Dear [Name], re [Role][Company]: 50% \n", "Dear [Name], re [Role][Company]: 50%\n"),
            (r"\*not\* this", "*not* this"),
            ("> quoted\n> reply", "> quoted\n> reply"),
            ("Hello\n=====\ntext\n\n---\n\nend\n-- \nAnna", "Hello\ntext\n\n\n\nend\n--\nAnna"),
            ("a\r\n\r\nb\\\r\nc", "a\n\nb\nc"),
        ],
    )
    def test_marking_goes_and_words_stay(self, marked: str, plain: str | None) -> None:
        assert strip_markdown(marked) == (marked if plain is None else plain)

    @pytest.mark.timeout(5)
    @pytest.mark.parametrize("unit", ["*a ", "[", "`", "`a``", "![a](", "<a@", "# ", "~~", "_*", "\\", "- ", "** *"])
    def test_takes_time_in_proportion_to_the_text(self, unit: str) -> None:
        strip_markdown(unit * 100_000)

    @given(st.text(st.characters(categories=["L", "N", "P", "Z"]) | st.sampled_from("\n*_`#[]()~\\"), max_size=80))
    def test_no_letter_is_lost_outside_links(self, marked: str) -> None:
        if "](" not in marked and "]:" not in marked:
            assert [c for c in strip_markdown(marked) if c.isalnum()] == [c for c in marked if c.isalnum()]


class TestMail:
    def test_the_subject_comes_first(self) -> None:
        text = read_document_bytes(a_mail("Dear Anna,\n", Subject="Thank you — Zoë").as_bytes(), "a.eml")
        assert text == "Subject: Thank you — Zoë\n\nDear Anna,\n"

    def test_a_raw_utf8_subject_is_read(self) -> None:
        assert read_document_bytes("Subject: Zoë\n\nHi Zoë\n".encode(), "a.eml") == "Subject: Zoë\n\nHi Zoë\n"

    def test_plain_text_wins_and_attachments_are_ignored(self) -> None:
        mail = a_mail("the text")
        mail.add_alternative("<p>the html</p>", subtype="html")
        mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="cv.pdf")
        mail.add_attachment("other words", filename="other.txt")
        assert read_document_bytes(mail.as_bytes(), "a.eml").strip() == "the text"

    def test_html_alone_is_stripped(self) -> None:
        mail = a_mail()
        mail.set_content(
            "<style>p{}</style><p>Dear&nbsp;Anna,</p><script>x()</script><p>Hi &amp; bye</p>", subtype="html"
        )
        assert read_document_bytes(mail.as_bytes(), "a.eml") == "Dear Anna,\n\nHi & bye"

    def test_quoted_replies_stay(self) -> None:
        body = "Thanks!\n\nOn Monday Bob wrote:\n> Dear Anna\n> > older\n"
        assert read_document_bytes(a_mail(body).as_bytes(), "a.eml") == body

    def test_flowed_lines_are_joined(self) -> None:
        head = b"From: a@b.c\nContent-Type: text/plain; charset=utf-8; format=flowed\n\n"
        body = b"one \ntwo\n stuffed\n> q1 \n> q2\n-- \nAnna\n"
        assert read_document_bytes(head + body, "a.eml") == "one two\nstuffed\n> q1 q2\n-- \nAnna\n"

    def test_flowed_lines_with_delsp_lose_the_blank(self) -> None:
        head = b"From: a@b.c\nContent-Type: text/plain; format=flowed; DelSp=yes\n\n"
        assert read_document_bytes(head + b"to \ngether\n", "a.eml") == "together\n"

    @pytest.mark.parametrize("charset", ["iso-8859-1", "us-ascii", "unknown-8bit", "x-nonsense", "rot13", "punycode"])
    def test_a_wrong_or_missing_charset_is_guessed(self, charset: str) -> None:
        data = f"From: a@b.c\nContent-Type: text/plain; charset={charset}\n\n".encode() + "It\u2019s José".encode(
            "cp1252"
        )
        assert read_document_bytes(data, "a.eml") == "It\u2019s José"

    def test_a_mail_without_text_is_refused(self) -> None:
        mail = a_mail()
        mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="cv.pdf")
        trouble = refusal(mail.as_bytes(), "a.eml")
        assert trouble.code == "bad_eml" and "without a text" in trouble.message

    def test_text_without_headers_is_no_mail(self) -> None:
        assert refusal(b"Dear Anna,\nthanks.\n", "a.eml").code == "bad_eml"

    def test_huge_text_and_endless_nesting_are_refused(self) -> None:
        assert refusal(a_mail("word " * MAX_TEXT_FILE_BYTES).as_bytes(), "a.eml").code == "too_large"
        nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (i, i) for i in range(5000))
        assert refusal(nested, "a.eml").code == "bad_eml"

    @pytest.mark.timeout(5)
    @pytest.mark.parametrize("header", ["Subject: =?utf-8?q?a?= ", "Content-Type: (", "Subject: x\n y"])
    @pytest.mark.parametrize("times", [200, 100_000])
    def test_long_headers_cost_no_minutes(self, header: str, times: int) -> None:
        name, value = header.split(": ")
        outcome = "read"
        try:
            read_document_bytes(f"{name}: {value * times}\n\nHi".encode(), "a.eml")
        except InputError as trouble:
            outcome = trouble.code
        assert outcome in ("read", "bad_eml")

    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("<div>Dear Anna,</div><div><br></div><div>Thanks<br>Bob</div>", "Dear Anna,\n\nThanks\nBob"),
            ("<ul><li>one</li><li>two</li></ul>after", "- one\n- two\n\nafter"),
            ("new<blockquote>old<br>words</blockquote>", "new\n\n> old\n> words"),
            ("<pre>a\n  b</pre>", "a\n  b"),
            ("<![if !mso]>x<![endif]><b>bo</b>ld", "xbold"),
            ('<p title="a > b" class=x>a < b</p ><!-- <p>no --><TITLE>no</TITLE>', "a < b"),
            ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ],
    )
    def test_html_keeps_its_lines(self, html: str, text: str) -> None:
        assert html_to_text(html) == text

    @pytest.mark.timeout(5)
    @pytest.mark.parametrize(
        "unit",
        ["<a ", "<!--", "<!--x>", "</", "<![", "<div>", "<blockquote>", "&#", "<script>", "<?", "<a b='>", '<a "'],
    )
    def test_html_takes_time_in_proportion_to_the_text(self, unit: str) -> None:
        html_to_text(unit * 50_000)


class TestWord:
    def test_paragraphs_without_empty_ones_get_an_empty_line(self) -> None:
        assert read_document_bytes(a_docx("Dear Anna,", "Thanks.", ""), "a.docx") == "Dear Anna,\n\nThanks."

    def test_empty_paragraphs_are_the_empty_lines(self) -> None:
        text = read_document_bytes(a_docx("Dear Anna,", "", "Thanks.", "", "Best,", "Bob"), "a.docx")
        assert text == "Dear Anna,\n\nThanks.\n\nBest,\nBob"

    def test_tables_lists_breaks_and_tracked_changes_come_in_order(self) -> None:
        document = docx.Document()
        first = document.add_paragraph("one")
        first.add_run().add_break()
        first.add_run("line\ttab")
        first._p.append(parse_xml(f"<w:ins {W}><w:r><w:t> new</w:t></w:r></w:ins>"))
        first._p.append(parse_xml(f"<w:del {W}><w:r><w:delText> old</w:delText></w:r></w:del>"))
        table = document.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
        document.add_paragraph("bullet", style="List Bullet")
        document.add_paragraph("second", style="List Bullet")
        document.element.body.insert(
            3, parse_xml(f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:sdtContent></w:sdt>")
        )
        stream = BytesIO()
        document.save(stream)
        text = read_document_bytes(stream.getvalue(), "a.docx")
        assert text == "one\nline\ttab new\n\nleft\n\nright\n\n- bullet\n\nboxed\n\n- second"

    @pytest.mark.timeout(5)
    def test_a_zip_bomb_is_refused(self) -> None:
        for megabytes, words in ((10, "times its size"), (50, "20 MB")):
            trouble = refusal(a_zip({"word/document.xml": b"\0" * megabytes * 1_000_000}), "a.docx")
            assert trouble.code == "too_large" and words in trouble.message

    @pytest.mark.timeout(5)
    def test_a_zip_bomb_that_lies_about_its_size_is_refused(self) -> None:
        size = 100_000_000
        bomb = a_zip({"word/document.xml": b"\0" * size})
        for lie in (10, 900_000):
            lying = bomb.replace(size.to_bytes(4, "little"), lie.to_bytes(4, "little"))
            assert lying != bomb
            assert refusal(lying, "a.docx").code == "bad_docx"

    def test_too_many_members_are_refused(self) -> None:
        assert refusal(a_zip({f"{index}": b"" for index in range(6000)}), "a.docx").code == "too_large"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_xml_entities_are_refused(self, encoding: str) -> None:
        xml = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>'.encode(encoding)
        trouble = refusal(a_zip({"word/document.xml": xml}), "a.docx")
        assert trouble.code == "bad_docx" and "entities" in trouble.message

    def test_entities_across_the_edge_of_a_piece_are_refused(self) -> None:
        xml = b"<!--" + b"x" * (65_536 - 12) + b"--><!DOCTYPE d><d/>"
        assert "entities" in refusal(a_zip({"word/document.xml": xml}), "a.docx").message

    def test_locked_foreign_and_incomplete_files_are_refused(self) -> None:
        locked = bytearray(a_docx("Hello"))
        start = locked.index(b"PK\x01\x02")
        locked[start + 8] |= 1
        for data, words in (
            (bytes(locked), "password"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
            (b"Dear Anna", "not a whole .docx"),
            (a_docx("Hello")[:-500], "not a whole .docx"),
            (a_zip({"xl/workbook.xml": b"<a/>"}), "word/document.xml"),
            (a_zip({"word/document.xml": b"<broken"}), "damaged"),
        ):
            trouble = refusal(data, "a.docx")
            assert trouble.code == "bad_docx" and words in trouble.message


class TestFiles:
    def test_the_ending_decides_whatever_its_case(self, tmp_path: Path) -> None:
        path = tmp_path / "NOTE.MD"
        path.write_bytes(b"**Hi** Anna")
        assert read_document(path) == "Hi Anna"

    def test_an_unknown_ending_is_text(self, tmp_path: Path) -> None:
        path = tmp_path / "draft.v2"
        path.write_bytes(b"**Hi** Anna\r\n")
        assert read_document(path) == "**Hi** Anna\r\n"

    def test_standard_input_is_named_in_messages(self) -> None:
        with pytest.raises(InputError, match=r"^Standard input is empty"):
            read_document_bytes(b"", "-")

    def test_a_pipe_can_be_read(self) -> None:
        reader, writer = os.pipe()
        os.write(writer, b"Dear Anna")
        os.close(writer)
        assert read_document(Path(f"/dev/fd/{reader}")) == "Dear Anna"
        os.close(reader)

    def test_missing_files_and_folders_are_named(self, tmp_path: Path) -> None:
        for path, code in ((tmp_path / "no.txt", "missing_file"), (tmp_path, "is_folder")):
            with pytest.raises(FileError) as caught:
                read_document(path)
            assert caught.value.code == code and str(path) in caught.value.message

    def test_strange_names_raise_file_errors(self, tmp_path: Path) -> None:
        for name in ("a" * 5000, "a\0b", "\udcff"):
            with pytest.raises(FileError) as caught:
                read_document(tmp_path / name)
            caught.value.message.encode()

    def test_a_closed_file_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "closed.txt"
        path.write_bytes(b"Dear Anna")

        # root may read everything, so the refusal is made by hand
        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
        with pytest.raises(FileError, match="permissions"):
            read_document(path)


def test_importing_loads_no_heavy_library() -> None:
    code = "import sys, analyzer.reading; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {
        "docx",
        "lxml",
        "openpyxl",
        "pyarrow",
        "charset_normalizer",
        "numpy",
        "pandas",
        "spacy",
        "email",
        "zipfile",
    }
    assert not heavy & set(loaded)


class TestWhiteText:
    """Words that no reader sees must not raise a rating."""

    @pytest.mark.parametrize(
        "style",
        ["display:none", "color:#FFF", "color: white", "font-size:0", "visibility: hidden", "color:rgb(255, 255,255)"],
    )
    @pytest.mark.parametrize("tag", ["span", "div", "p"])
    def test_unseen_html_is_not_read(self, style: str, tag: str) -> None:
        html = f"<p>Dear Ana,</p><{tag} style='{style}'>stuffed <b>words</b></{tag}><p>Thanks.</p>"
        assert html_to_text(html) == "Dear Ana,\n\nThanks."

    @pytest.mark.parametrize(
        "style", ["color:#fff;background-color:#036", "color:#333", "background-color:#fff", "font-size:0.9em"]
    )
    def test_seen_html_is_read(self, style: str) -> None:
        assert html_to_text(f'<p>Dear <span style="{style}">Ana</span>,</p>') == "Dear Ana,"

    def test_hidden_and_white_words_of_a_word_file_are_not_read(self) -> None:
        import docx
        from docx.shared import RGBColor

        document = docx.Document()
        paragraph = document.add_paragraph("Thank you.")
        paragraph.add_run(" hidden").font.hidden = True
        paragraph.add_run(" white").font.color.rgb = RGBColor(255, 255, 255)
        paragraph.add_run(" Ana").font.color.rgb = RGBColor(0, 0, 128)
        stream = BytesIO()
        document.save(stream)
        assert read_document_bytes(stream.getvalue(), "a.docx") == "Thank you. Ana"
