package io.llmfleet.producer.limit;

import io.llmfleet.producer.access.Caller;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whose limits count: an API key's, or those of an AMQP client, which has none.
 *
 * @param tenant of the key, or the client user
 */
public record Account(String tenant, @Nullable UUID key) {

    private static final String CLIENT = "client:";

    public static Account of(Caller caller) {
        return new Account(caller.tenant(), caller.key());
    }

    /** What it is called in the tables of this package. */
    String owner() {
        return key == null ? CLIENT + tenant : key.toString();
    }

    /** The id of the key of an {@link #owner}; null if it is a client. */
    static @Nullable UUID keyOf(String owner) {
        return owner.startsWith(CLIENT) ? null : UUID.fromString(owner);
    }
}
