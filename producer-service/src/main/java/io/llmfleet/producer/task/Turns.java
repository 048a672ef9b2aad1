package io.llmfleet.producer.task;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The facade for those who keep conversations in order. Of each conversation at most one turn is
 * dispatched, the oldest unfinished one; the others are held. Safe to call from any replica at
 * once.
 */
public interface Turns {

    /** A conversation of a tenant. */
    record Key(String tenant, String conversation) {}

    /**
     * How a conversation is.
     *
     * @param turns how many were accepted
     * @param unfinished how many of them have no final state
     * @param haltedBy the failed turn after which nothing goes on; null if it goes on
     */
    record State(long turns, long unfinished, @Nullable UUID haltedBy, Instant updatedAt) {}

    /** A conversation and how it is. */
    record Listed(String conversation, State state) {}

    /** A place in the order of lists: the last activity, and the key where that is the same. */
    record Place(Instant updatedAt, String conversation) {}

    /**
     * Which conversations of a tenant to list, those with the latest activity first.
     *
     * @param conversation only the one with this key; null for all
     * @param halted only those that are, or that are not; null for both
     * @param after only those behind this place; null for the first page
     */
    record Filter(
            String tenant,
            @Nullable String conversation,
            @Nullable Boolean halted,
            @Nullable Place after,
            int limit) {}

    /**
     * A chat turn that succeeded.
     *
     * @param input JSON of a {@link io.llmfleet.wire.TaskBody}
     * @param output JSON of the completion
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Said(byte[] input, byte[] output) {}

    /** A task of a tenant. */
    record Open(String tenant, UUID id) {}

    Optional<State> find(Key key);

    List<Listed> list(Filter filter);

    /** Claims what is next in these conversations, to be dispatched at once. */
    List<OpenTask> next(Collection<Key> keys);

    /** Conversations in which turns are held and nothing runs, although they are not halted. */
    List<Key> stalled(int limit);

    /** Unfinished turns that a later one interrupts. */
    List<Open> interrupted(int limit);

    /** Nothing goes on after these failed turns; part of the caller's transaction. */
    void halt(List<StoredOutcome> failed);

    /**
     * Lets a conversation go on after the turn that halted it.
     *
     * @return false if it was not halted
     */
    boolean resume(Key key);

    /** The same for the conversation that this task halted, if it did. */
    void resumeAfter(UUID failed);

    /** What was said before a turn, latest first. */
    List<Said> before(OpenTask turn, int limit);

    /** Forgets conversations in which nothing happened for long; their tasks stay. */
    int forgetIdle(int days);

    /** How many conversations are halted. */
    long halted();
}
