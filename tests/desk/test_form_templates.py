"""Questions as the pages ask them: no asterisks, the hint and the error tied to the answer, native inputs."""

import re

from django import forms
from django.template import Context, Template
from django.utils import translation

PAGE = '{% include "components/form.html" with form=form submit="Bewaar" csrf_token="t" only %}'


class Report(forms.Form):
    seen = forms.CharField(label="Wat zag u?", help_text="Alleen feiten.", widget=forms.Textarea)
    place = forms.CharField(label="Waar?", required=False)
    urgency = forms.ChoiceField(label="Hoe snel?", choices=[("1", "Vandaag"), ("2", "Later")], widget=forms.RadioSelect)
    noticed = forms.MultipleChoiceField(
        label="Wat merkte u?",
        required=False,
        choices=[("card", "Kaartje"), ("bell", "Bel")],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "kt-chips"}),
    )
    told = forms.BooleanField(label="De bewoner weet dit", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def page(form: forms.Form) -> str:
    with translation.override("nl"):
        return Template(PAGE).render(Context({"form": form}))


def test_what_may_stay_empty_says_so_and_nothing_has_an_asterisk():
    html = page(Report())
    assert "*" not in html
    optional = re.findall(r">([^<>]+) <span class=\"kt-req\">\(niet verplicht\)</span>", html)
    assert optional == ["Waar?", "Wat merkte u?"]


def test_a_form_that_asks_almost_nothing_says_it_once():
    form = Report()
    form.is_mostly_optional = True
    assert "niet verplicht" not in page(form)


def test_the_browser_checks_nothing():
    assert '<form class="kt-form" method="post" novalidate>' in page(Report())


def test_a_hint_and_an_error_are_tied_to_the_answer():
    html = page(Report({"urgency": "1"}))
    textarea = re.search(r"<textarea[^>]*>", html)
    assert textarea is not None
    assert 'aria-describedby="id_seen_helptext id_seen_error"' in textarea[0]
    assert 'aria-invalid="true"' in textarea[0]
    assert html.count('id="id_seen_helptext"') == html.count('id="id_seen_error"') == 1
    assert '<span class="visually-hidden">Fout: </span>' in html


def test_the_summary_leads_to_each_refused_answer():
    html = page(Report({"place": "Kerkstraat"}))
    assert re.findall(r'<a href="#([^"]+)"><span>', html) == ["id_seen", "id_urgency_0"]
    for target in ("id_seen", "id_urgency_0"):
        assert html.count(f'id="{target}"') == 1
    assert "Er klopt iets niet in 2 vragen" in html
    assert 'value="Kerkstraat"' in html


def test_a_form_without_mistakes_has_no_summary():
    assert "kt-errsum" not in page(Report())


def test_choices_are_a_group_of_native_inputs():
    html = page(Report({"seen": "x", "urgency": "2", "noticed": ["bell"]}))
    assert html.count("<fieldset") == html.count("<legend") == 2
    assert html.count('type="radio"') == html.count('type="checkbox"') - 1 == 2
    assert '<input type="radio" name="urgency" value="2" id="id_urgency_1" checked>' in html
    assert '<input type="checkbox" name="noticed" value="bell" id="id_noticed_1" checked>' in html


def test_a_hidden_field_is_not_a_question():
    html = page(Report())
    assert '<input type="hidden" name="secret" id="id_secret">' in html
    assert 'for="id_secret"' not in html
