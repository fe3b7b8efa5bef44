from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError

from qunying.kernel import clock
from qunying.ui.pages import Pages
from qunying.ui.plots import Plot, Series

HOSTILE = '<img src=x onerror="alert(1)">'


def _render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        "{% icon x %}",
        "{% face x 1 %}",
        "{% chip x x %}",
        "{% dot x %}",
        "{% spark v x x %}",
        "{% gauge 0.5 x %}",
        "{% weeks v x %}",
        "{% how x x x %}",
        "{% empty x x x x x %}",
        "{% notice x x %}{{ x }}{% endnotice %}",
    ],
)
def test_nothing_breaks_out_when_a_value_is_hostile(source: str) -> None:
    html = _render(source, x=HOSTILE, v=[1, 2])
    assert "<img" not in html
    assert 'onerror="' not in html


def test_icon_points_into_the_sprite_when_named() -> None:
    assert _render('{% icon "clock" "s" %}') == (
        '<svg class="i s" aria-hidden="true"><use href="/static/qunying/icons.svg#clock"/></svg>'
    )


def test_face_keeps_its_colour_when_the_name_changes() -> None:
    before, after = (_render("{% face name 7 %}", name=name) for name in ("陆小满", "小满🍵"))
    assert before.replace("陆", "") == after.replace("小", "")


def test_when_reads_the_house_clock_when_time_is_virtual(now: datetime) -> None:
    with clock.at(now):
        assert "14 分钟前" in _render("{% when at %}", at=now - timedelta(minutes=14))


def test_how_stands_twice_without_harm_when_two_tiles_ask_the_same() -> None:
    html = _render('{% how "成员" "此刻在群里的人" %}')
    key = html.split('popovertarget="')[1].split('"')[0]
    assert f'id="{key}"' in html
    assert _render('{% how "成员" "别的算法" %}') != html


def test_pager_is_left_out_when_the_list_is_empty() -> None:
    assert _render("{% pager pages %}", pages=Pages(1, 8, 0, "人")).strip() == ""
    assert "1–8，共 186 人" in _render("{% pager pages %}", pages=Pages(1, 8, 186, "人"))


class _Form(forms.Form):
    minutes = forms.IntegerField(
        label="答复承诺", help_text="比如 10", widget=forms.TextInput(attrs={"placeholder": "答复承诺"})
    )


def test_error_replaces_help_when_a_field_is_wrong() -> None:
    html = _render("{% field form.minutes %}", form=_Form({"minutes": "十"}))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_minutes_errors"' in html
    assert 'id="id_minutes_errors"' in html
    assert "比如 10" not in html
    assert 'value="十"' in html


def test_help_is_announced_when_a_field_is_untouched() -> None:
    html = _render("{% field form.minutes %}", form=_Form())
    assert 'aria-describedby="id_minutes_help"' in html
    assert 'id="id_minutes_help"' in html
    assert 'placeholder="答复承诺"' not in html


def test_plot_has_a_table_and_safe_data_when_names_are_hostile() -> None:
    plot = Plot("line", "变少", "每周", "人", ("一", "二"), (Series("</script><b>", (1, None)),))
    html = _render("{% plot plot %}", plot=plot)
    assert html.count("</script>") == 1
    assert "<b>" not in html
    assert '<th scope="row">二</th><td class="n">–</td>' in html


def test_plot_is_refused_when_values_and_labels_differ() -> None:
    with pytest.raises(ValueError, match="2 values for 1 labels"):
        Plot("bar", "", "", "", ("一",), (Series("这周", (1, 2)),))


def test_notice_needs_its_end_when_written() -> None:
    with pytest.raises(TemplateSyntaxError):
        _render("{% notice %}x")


def test_nothing_is_pointed_at_when_a_page_leaves_the_help_out() -> None:
    html = _render('{% field form.minutes "几分钟" help_text="" %}', form=_Form())
    assert "aria-describedby" not in html
    assert 'class="help"' not in html
