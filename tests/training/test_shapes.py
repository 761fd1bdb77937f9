"""Shapes of sentences: grammar without content, the same for every name and sex."""

from analyzer.pipeline import Analyzer
from analyzer.scoring.featurize import fit_featurizer, model_text, shapes_text
from analyzer.training.commands import AnyKind
from analyzer.types import Case


def evidence_of(*texts):
    return list(Analyzer(engines=("harper",)).collect(map(Case, texts), AnyKind()))


def test_shapes_keep_grammar_and_veil_content():
    (draft,) = evidence_of("Dear Ana,\n\nShe showed me the depot in Leith.\n\nBen")
    assert shapes_text(draft.draft, draft.sentences) == "§<s> §he §VBD §me §the §NN §in §NNP §PUNCT. §</s>"


def test_shapes_do_not_depend_on_sex_or_names():
    one, other = evidence_of("Dear Ana,\n\nHe told Paul about his plan.", "Dear Ana,\n\nShe told Mary about her plan.")
    assert shapes_text(one.draft, one.sentences) == shapes_text(other.draft, other.sentences)


def test_words_and_shapes_have_columns_of_their_own():
    texts = [
        model_text(draft) for draft in evidence_of("Hi Ana,\n\nThe depot was fine.", "Hi Ana,\n\nThe depot was large.")
    ]
    rows = [{"a.b_flag": 0.0}, {"a.b_flag": 1.0}]
    made = fit_featurizer(rows, texts, min_drafts=2, most_words=99, words_scale=1.0, shapes_scale=1.0)
    names = made.column_names
    assert made.matrix(rows, texts).shape == (2, len(names))
    assert {"words.the depot", "shapes.the NN was"} <= set(names)
    assert not any("§" in name for name in names)
    plain = fit_featurizer(rows, texts, min_drafts=2, most_words=99, words_scale=1.0, shapes_scale=0.0)
    assert not any(name.startswith("shapes.") for name in plain.column_names)
