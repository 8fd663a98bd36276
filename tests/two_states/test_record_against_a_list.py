"""Two parties and a post that loses, delays, repeats, reorders and alters: held against two plain lists."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from comity.errors import ComityError
from tests.two_states.parties import Party, SetBack

SIDES = st.sampled_from([0, 1])


class TwoParties(RuleBasedStateMachine):
    """Honest parties, one of which may be set back to an old backup, and a hostile post."""

    def __init__(self) -> None:
        super().__init__()
        self.parties = [Party("aa", 32), Party("bb", 16)]
        self.parties[0].meets(self.parties[1])
        self.parties[1].meets(self.parties[0])
        self.said: list[list[str]] = [[], []]
        self.post: list[list[bytes]] = [[], []]
        self.backups = [party.backup() for party in self.parties]

    # --- what the parties do -----------------------------------------------------------------------------

    @rule(side=SIDES)
    def writes(self, side) -> None:
        """A party acts, unless it knows itself to be set back."""
        if not self.parties[side].stopped:
            text = f"fact {side} {len(self.said[side])}"
            self.parties[side].writes(text)
            self.said[side].append(text)

    @rule(side=SIDES)
    def sends(self, side) -> None:
        """It writes a letter; when it comes, and whether, is the post's affair."""
        if not self.parties[side].stopped:
            self.post[1 - side].append(self.parties[side].letter())

    # --- what the post does ------------------------------------------------------------------------------

    @precondition(lambda self: any(self.post))
    @rule(side=SIDES, data=st.data(), again=st.booleans())
    def delivers(self, side, data, again) -> None:
        """Any letter, old or new, once or again."""
        if self.post[side]:
            place = data.draw(st.integers(0, len(self.post[side]) - 1))
            letter = self.post[side][place] if again else self.post[side].pop(place)
            with suppress(ComityError):
                self.parties[side].opens(letter)

    @precondition(lambda self: any(self.post))
    @rule(side=SIDES, data=st.data())
    def loses(self, side, data) -> None:
        """A letter that never comes."""
        if self.post[side]:
            self.post[side].pop(data.draw(st.integers(0, len(self.post[side]) - 1)))

    @precondition(lambda self: any(self.post))
    @rule(side=SIDES, data=st.data())
    def alters(self, side, data) -> None:
        """One byte of a letter, on the way: refused, or of no effect."""
        if self.post[side]:
            letter = bytearray(data.draw(st.sampled_from(self.post[side])))
            letter[data.draw(st.integers(0, len(letter) - 1))] ^= 1 << data.draw(st.integers(0, 7))
            with suppress(ComityError):
                self.parties[side].opens(bytes(letter))

    # --- what disks do -----------------------------------------------------------------------------------

    @rule(side=SIDES)
    def keeps_a_backup(self, side) -> None:
        """As an administrator does at night."""
        if not self.parties[side].stopped:
            self.backups[side] = self.parties[side].backup()

    @rule(side=SIDES)
    def is_set_back(self, side) -> None:
        """An old backup is restored; the party asks the other side before it acts, and recovers its log.

        What the other side had not got yet is lost with the disk: it was never receipted, and never will be.
        """
        party, other = self.backups[side].backup(), self.parties[1 - side]
        self.parties[side] = party
        with suppress(SetBack):
            party.opens(other.letter())
        if len(other.mirror.leaves) > len(party.pen.leaves):
            assert party.stopped
            party.recovers(other)
        del self.said[side][len(party.pen.leaves) :]
        self.post = [[], []]
        self.backups[side] = party.backup()

    # --- what must hold ----------------------------------------------------------------------------------

    @invariant()
    def nothing_is_lost_doubled_or_out_of_place(self) -> None:
        """Each mirror is a beginning of the list its author made, and each log is that list."""
        for side, party in enumerate(self.parties):
            assert self.said[side] == party.texts()
            held = self.parties[1 - side].mirror.leaves
            assert party.pen.leaves[: len(held)] == held

    @invariant()
    def nobody_has_a_receipt_for_what_the_other_does_not_hold(self) -> None:
        """A receipt comes after the storing."""
        for side, party in enumerate(self.parties):
            assert party.receipted <= len(self.parties[1 - side].mirror.leaves) or self._was_set_back(
                1 - side
            )

    def _was_set_back(self, side: int) -> bool:
        """A mirror restored from an old backup has signed for more than it holds, until it is sent again."""
        return len(self.parties[side].mirror.leaves) < self.parties[1 - side].receipted

    @invariant()
    def no_honest_party_is_convicted(self) -> None:
        """Neither by the post nor by anybody's lost disk."""
        assert all(party.convicted is None for party in self.parties)

    def teardown(self) -> None:
        """Left in peace, both come to hold everything, receipted."""
        for _ in range(4):
            for side, party in enumerate(self.parties):
                party.receipted = min(party.receipted, len(self.parties[1 - side].mirror.leaves))
                with suppress(SetBack):
                    self.parties[1 - side].opens(party.letter())
        for side, party in enumerate(self.parties):
            assert self.parties[1 - side].mirror.leaves == party.pen.leaves
            assert len(party.pen.leaves) == party.receipted


TestTwoParties = TwoParties.TestCase
TestTwoParties.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, phases=(Phase.reuse, Phase.generate)
)
TestTwoParties.__doc__ = "Nothing is lost, nothing doubled, whatever the post and the disks do."
