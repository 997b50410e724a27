"""Two people at one article at the same moments; bench/newsroom_interleavings tells 200 stories."""

import pytest

from tests.news.interleaving import Story


@pytest.mark.django_db(transaction=True)
def test_nothing_unapproved_goes_live_and_no_typed_text_is_lost():
    typed = 0
    for seed in (3, 11):
        story = Story(seed)
        story.run(steps=8)
        typed += story.check()
    assert typed > 4
