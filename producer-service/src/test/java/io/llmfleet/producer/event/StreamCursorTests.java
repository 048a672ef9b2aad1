package io.llmfleet.producer.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmfleet.model.TaskState;
import io.llmfleet.wire.Delta;
import io.llmfleet.wire.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamCursorTests {

    private static final UUID TASK = new UUID(7, 7);

    @Test
    void tellsStatesAndPiecesInOrder() {
        assertThat(
                        told(
                                Position.START,
                                state(1, TaskState.ROUTED),
                                state(1, TaskState.RUNNING),
                                piece(1, 1),
                                piece(1, 2)))
                .containsExactly("ROUTED", "RUNNING", "1.1", "1.2");
    }

    @Test
    void aPieceSaysThatTheAttemptRunsWhereTheEventIsLate() {
        assertThat(told(Position.START, piece(1, 1), state(1, TaskState.RUNNING), piece(1, 2)))
                .containsExactly("RUNNING", "1.1", "1.2");
    }

    @Test
    void nothingIsToldTwice() {
        assertThat(told(Position.START, piece(1, 1), piece(1, 1), piece(1, 2), piece(1, 1)))
                .containsExactly("RUNNING", "1.1", "1.2");
    }

    @Test
    void aMissingPieceIsAGapAndNothingOfTheAttemptFollows() {
        assertThat(told(Position.START, piece(1, 1), piece(1, 3), piece(1, 4)))
                .containsExactly("RUNNING", "1.1", "gap");
    }

    @Test
    void theNextAttemptStartsAnewAndFlowsAgainAfterAGap() {
        assertThat(
                        told(
                                Position.START,
                                piece(1, 1),
                                piece(1, 3),
                                state(1, TaskState.RETRYING),
                                state(2, TaskState.RUNNING),
                                piece(2, 1)))
                .containsExactly(
                        "RUNNING", "1.1", "gap", "RETRYING", "restarted", "RUNNING", "2.1");
    }

    @Test
    void piecesOfAnOlderAttemptAreLate() {
        assertThat(told(Position.START, piece(1, 1), piece(2, 1), piece(1, 2)))
                .containsExactly("RUNNING", "1.1", "restarted", "RUNNING", "2.1");
    }

    @Test
    void nothingStartsAnewWhereNothingWasSaid() {
        assertThat(
                        told(
                                Position.START,
                                state(1, TaskState.ROUTED),
                                state(1, TaskState.RUNNING),
                                state(2, TaskState.ROUTED),
                                piece(2, 1)))
                .containsExactly("ROUTED", "RUNNING", "ROUTED", "RUNNING", "2.1");
    }

    @Test
    void anotherModelInTheSameAttemptStartsAnew() {
        Entry anew = Entry.of(new Delta(TASK, 1, 1, 2, null, null));

        assertThat(told(Position.START, piece(1, 1), anew, piece(1, 3)))
                .containsExactly("RUNNING", "1.1", "restarted", "1.3");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
    void whoComesBackHearsTheRest(int heard) {
        Entry[] all = {
            state(1, TaskState.ROUTED),
            state(1, TaskState.RUNNING),
            piece(1, 1),
            piece(1, 2),
            state(1, TaskState.RETRYING),
            state(2, TaskState.RUNNING),
            piece(2, 1),
            piece(2, 2)
        };
        List<StreamItem> whole = items(Position.START, all);
        Position last = heard == 0 ? Position.START : whole.get(heard - 1).position();

        assertThat(items(last, all)).isEqualTo(whole.subList(heard, whole.size()));
    }

    @Test
    void whoComesBackToAReplicaThatMissedPiecesMeetsTheGap() {
        assertThat(told(Position.ofDelta(1, 1, 5), piece(1, 7), piece(1, 8)))
                .containsExactly("gap");
    }

    @Test
    void whoComesBackToALaterAttemptStartsAnew() {
        assertThat(told(Position.ofDelta(1, 1, 5), piece(2, 1)))
                .containsExactly("restarted", "RUNNING", "2.1");
    }

    @Test
    void knowsWhetherAllWasTold() {
        StreamCursor cursor = new StreamCursor(Position.START);
        cursor.next(piece(1, 1));

        assertThat(cursor.hasAll(1, 1, 1)).isTrue();
        assertThat(cursor.hasAll(1, 1, 2)).isFalse();
        assertThat(cursor.hasAll(1, 2, 1)).isFalse();
        assertThat(cursor.hasAll(1, 2, 0)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.7", "3.12.2147483647", "0.0.0"})
    void aPositionIsReadAsItIsWritten(String text) {
        assertThat(Position.parse(text)).map(Position::toString).contains(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "1.1", "1.1.x", "1.1.-1", "1.1.2147483648", "1.1.1.1"})
    void whatIsNoPositionIsRefused(String text) {
        assertThat(Position.parse(text)).isEmpty();
    }

    private static List<String> told(Position after, Entry... entries) {
        return items(after, entries).stream().map(StreamCursorTests::name).toList();
    }

    private static List<StreamItem> items(Position after, Entry... entries) {
        StreamCursor cursor = new StreamCursor(after);
        List<StreamItem> items = new ArrayList<>();
        for (Entry entry : entries) {
            items.addAll(cursor.next(entry));
        }
        return items;
    }

    private static String name(StreamItem item) {
        return switch (item) {
            case StreamItem.Moved moved -> moved.state().name();
            case StreamItem.Piece piece -> piece.position().attempt() + "." + piece.seq();
            case StreamItem.Restarted _ -> "restarted";
            case StreamItem.Gap _ -> "gap";
            case StreamItem.Ended _ -> "ended";
        };
    }

    private static Entry piece(int attempt, int seq) {
        return Entry.of(new Delta(TASK, 1, attempt, seq, "piece " + seq, null));
    }

    private static Entry state(int attempt, TaskState state) {
        Event event =
                new Event(
                        state.name(),
                        TASK,
                        "chat",
                        1,
                        attempt,
                        Instant.EPOCH,
                        "default",
                        null,
                        null,
                        null,
                        null,
                        null);
        return Entry.of(event, state);
    }
}
