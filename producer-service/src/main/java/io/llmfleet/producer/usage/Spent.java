package io.llmfleet.producer.usage;

import io.llmfleet.model.AttemptFailure;
import io.llmfleet.model.Usage;
import io.llmfleet.producer.task.FinalOutcome;
import io.llmfleet.producer.task.StoredOutcome;
import io.llmfleet.wire.Json;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Adds up what outcomes used: the result's own usage, and that of attempts that came to nothing.
 */
final class Spent {

    /** Of what came over AMQP. */
    static final UUID NO_KEY = new UUID(0, 0);

    private static final String UNKNOWN = "unknown";

    /** Whose, when, by which key, and of which model. */
    record Key(String tenant, LocalDate day, UUID key, String model) {

        /** One order for all, so that transactions never wait for each other in a circle. */
        static final Comparator<Key> ORDER =
                Comparator.comparing(Key::tenant)
                        .thenComparing(Key::day)
                        .thenComparing(Key::key)
                        .thenComparing(Key::model);
    }

    /** Counts that are added up. */
    record Sum(long tasks, long inputTokens, long outputTokens, BigDecimal cost) {

        static Sum of(int tasks, Usage usage) {
            BigDecimal cost = usage.cost() == null ? BigDecimal.ZERO : usage.cost();
            return new Sum(tasks, usage.inputTokens(), usage.outputTokens(), cost);
        }

        Sum plus(Sum other) {
            return new Sum(
                    tasks + other.tasks,
                    inputTokens + other.inputTokens,
                    outputTokens + other.outputTokens,
                    cost.add(other.cost));
        }
    }

    record Entry(Key key, Sum sum) {}

    private final TreeMap<Key, Sum> sums = new TreeMap<>(Key.ORDER);

    private Spent() {}

    /** In the order of their keys. */
    static List<Entry> of(List<StoredOutcome> stored) {
        Spent spent = new Spent();
        stored.forEach(spent::add);
        List<Entry> entries = new ArrayList<>();
        spent.sums.forEach((key, sum) -> entries.add(new Entry(key, sum)));
        return entries;
    }

    private void add(StoredOutcome stored) {
        FinalOutcome outcome = stored.outcome();
        LocalDate day = LocalDate.ofInstant(outcome.finishedAt(), ZoneOffset.UTC);
        for (AttemptFailure failure : outcome.failures()) {
            Usage usage = failure.usage();
            if (usage != null) {
                add(stored, day, failure.model(), Sum.of(0, usage));
            }
        }
        byte[] result = outcome.result();
        if (result != null) {
            Result read = read(result);
            add(
                    stored,
                    day,
                    read.model() == null ? outcome.model() : read.model(),
                    Sum.of(1, read.usage()));
        }
    }

    private void add(StoredOutcome of, LocalDate day, @Nullable String model, Sum sum) {
        UUID by = of.key() == null ? NO_KEY : of.key();
        Key key = new Key(of.tenant(), day, by, model == null ? UNKNOWN : model);
        sums.merge(key, sum, Sum::plus);
    }

    private record Result(@Nullable String model, Usage usage) {}

    /** A result may be large, so no tree is built of its output. */
    private static Result read(byte[] json) {
        String model = null;
        Usage usage = new Usage(0, 0, null, 0);
        try (JsonParser parser = Json.MAPPER.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("model") && value == JsonToken.VALUE_STRING) {
                    model = parser.getString();
                } else if (field.equals("usage") && value == JsonToken.START_OBJECT) {
                    usage = parser.readValueAs(Usage.class);
                } else {
                    parser.skipChildren();
                }
            }
        }
        return new Result(model, usage);
    }
}
