package io.llmfleet.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Dead letters as people read them. */
public final class DeadLetterText {

    private DeadLetterText() {}

    /** One line of a list. */
    public static String row(JsonNode letter) {
        return String.format(
                "%-38s%-22s%-10s%-18s%-11s%s",
                text(letter, "id"),
                text(letter, "lastFailedAt").replaceFirst("\\.\\d+", ""),
                letter.path("kind").asString("").equals("TASK") ? text(letter, "type") : "message",
                text(letter, "code"),
                text(letter, "state"),
                text(letter, "message"));
    }

    /** Everything, with the failure of each attempt. */
    public static String details(JsonNode letter) {
        String facts =
                List.of(
                                "id",
                                "kind",
                                "state",
                                "tenant",
                                "taskId",
                                "type",
                                "code",
                                "message",
                                "exceptionType",
                                "attempts",
                                "source",
                                "firstFailedAt",
                                "lastFailedAt",
                                "decidedAt",
                                "decisionReason",
                                "size")
                        .stream()
                        .filter(field -> !letter.path(field).isMissingNode())
                        .map(field -> String.format("%-16s%s", field, text(letter, field)))
                        .collect(Collectors.joining("\n"));
        String failures =
                StreamSupport.stream(letter.path("failures").spliterator(), false)
                        .map(DeadLetterText::failure)
                        .collect(Collectors.joining("\n"));
        return failures.isEmpty() ? facts : facts + "\n" + failures;
    }

    private static String failure(JsonNode failure) {
        return "  attempt "
                + text(failure, "attempt")
                + "  "
                + text(failure, "at")
                + "  "
                + text(failure, "code")
                + ": "
                + text(failure, "message");
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }
}
