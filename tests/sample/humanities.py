"""Notes on languages and on books, in the HTML that Anki's editor makes."""

from __future__ import annotations

from .shape import (
    BASIC,
    CLOZE,
    CONCEPT,
    ECONOMICS,
    GRAMMAR,
    JAPANESE,
    LECTURE,
    REVERSED,
    SPANISH,
    VOCABULARY,
    Sample,
)

NOTES = (
    # Spanish
    Sample(
        SPANISH,
        VOCABULARY,
        ("el gato", "the cat", "<b>El gato</b> duerme en el sofá.", "[sound:gato.wav]", ""),
        "spanish::animals",
    ),
    Sample(
        SPANISH,
        VOCABULARY,
        ("el perro", "the dog", "<b>El perro</b> corre por el parque.", "[sound:perro.wav]", ""),
        "spanish::animals",
    ),
    Sample(
        SPANISH,
        VOCABULARY,
        (
            "la biblioteca",
            "the library (<i>not</i> the bookshop: <b>la librería</b>)",
            "Estudio en <b>la biblioteca</b>.",
            "[sound:biblioteca.wav]",
            "",
        ),
        "spanish::places",
    ),
    Sample(
        SPANISH,
        VOCABULARY,
        (
            "España",
            "Spain",
            "Madrid es la capital de <b>España</b>.",
            "",
            '<img src="mapa_españa.png">',
        ),
        "spanish::places",
    ),
    Sample(SPANISH, REVERSED, ("mañana", "tomorrow; morning"), "spanish::time"),
    Sample(SPANISH, REVERSED, ("ayer", "yesterday"), "spanish::time"),
    Sample(SPANISH, REVERSED, ("la semana que viene", "next week"), "spanish::time"),
    Sample(SPANISH, REVERSED, ("¿Qué hora es?", "What time is it?"), "spanish::time"),
    Sample(
        GRAMMAR,
        BASIC,
        (
            "<i>ser</i> or <i>estar</i>?",
            "<b>ser</b> for what something is, <b>estar</b> for how or where it is.<blockquote>La "
            "sopa <b>es</b> un plato; la sopa <b>está</b> fría.</blockquote>",
        ),
        "spanish::grammar",
    ),
    Sample(
        GRAMMAR,
        CLOZE,
        (
            "yo {{c1::hablo}}, tú {{c2::hablas}}, él {{c3::habla}}, nosotros {{c4::hablamos}}",
            "Present tense of <i>hablar</i>",
        ),
        "spanish::grammar",
    ),
    Sample(
        GRAMMAR,
        BASIC,
        (
            "Endings of regular <i>-ar</i> verbs",
            "<table><tbody><tr><td></td><td>singular</td><td>plural</td></tr><tr><td>1st</td>"
            "<td>-o</td><td>-amos</td></tr><tr><td>2nd</td><td>-as</td><td>-áis</td></tr><tr>"
            "<td>3rd</td><td>-a</td><td>-an</td></tr></tbody></table>",
        ),
        "spanish::grammar",
    ),
    # Japanese
    Sample(
        JAPANESE,
        VOCABULARY,
        ("<ruby>猫<rt>ねこ</rt></ruby>", "cat", "<b>猫</b>が好きです。", "[sound:ねこ.wav]", ""),
        "japanese::animals",
    ),
    Sample(
        JAPANESE,
        VOCABULARY,
        (
            "<ruby>学校<rt>がっこう</rt></ruby>",
            "school",
            "毎日<b>学校</b>に行きます。",
            "",
            "",
        ),
        "japanese::places",
    ),
    Sample(JAPANESE, BASIC, ("漢字[かんじ]", "Chinese characters"), "japanese"),
    Sample(
        JAPANESE,
        CLOZE,
        ("私{{c1::は}}学生です。駅{{c2::に}}行きます。", "は marks the topic, に the goal"),
        "japanese::particles",
    ),
    # Book Notes
    Sample(
        ECONOMICS,
        LECTURE,
        (
            "Definition of the poverty line",
            "The poverty line is defined by {{c1::a minimum income}} that covers "
            "{{c2::food, housing and clothes}}.",
            "See chapter 5.",
        ),
        "economics::poverty",
    ),
    Sample(
        ECONOMICS,
        LECTURE,
        (
            "Opportunity cost",
            "The true price of a thing is {{c1::what one gives up for it}}.",
            "",
        ),
        "economics",
    ),
    Sample(
        ECONOMICS,
        CONCEPT,
        (
            "Supply & demand: what moves the price?",
            "More demand than supply → the price "
            '<span style="color: rgb(200, 0, 0);">rises</span>; more supply than demand → it '
            '<span style="background-color: yellow;">falls</span>.',
            "Umbrellas on a rainy day<br>Ice cream in winter",
            "Chapter 2&nbsp;— read twice!",
        ),
        "economics::markets exam-2026",
    ),
    Sample(
        ECONOMICS,
        BASIC,
        (
            "Who wrote &ldquo;The Wealth of Nations&rdquo;, and when?",
            "Adam Smith, 1776<hr>He also wrote <s>novels</s> on moral philosophy.",
        ),
        "economics::history",
    ),
    Sample(
        ECONOMICS,
        BASIC,
        (
            "GDP: does a rise mean that everyone is better off?",
            "No. It is a <strong>sum</strong>; see "
            '<a href="https://ourworldindata.org">https://ourworldindata.org</a> for how it is '
            "shared.",
        ),
        "economics",
    ),
)
