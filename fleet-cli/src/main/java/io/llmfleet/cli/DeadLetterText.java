package io.llmfleet.cli;

import java.util.List;
import java.util.Locale;
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
                                "target",
                                "model",
                                "reason",
                                "shape",
                                "firstFailedAt",
                                "lastFailedAt",
                                "decidedAt",
                                "decisionReason",
                                "copy",
                                "job",
                                "policy",
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

    /** One line of groups. */
    public static String group(JsonNode group) {
        String value = text(group, "value");
        return String.format(
                "%8s  %s  %s",
                text(group, "letters"),
                text(group, "last").replaceFirst("\\.\\d+", ""),
                value.isEmpty() ? "(none)" : value);
    }

    /** One line of replays and discards of many. */
    public static String job(JsonNode job) {
        String problem = text(job, "problem");
        return String.format(
                "%s  %-8s%-10s%s of %s done, %s skipped, %s not possible%s",
                text(job, "id"),
                text(job, "kind").toLowerCase(Locale.ROOT),
                text(job, "state"),
                text(job, "done"),
                text(job, "total"),
                text(job, "skipped"),
                text(job, "failed"),
                problem.isEmpty() ? "" : ": " + problem);
    }

    /** One line of policies. */
    public static String policy(JsonNode policy) {
        return String.format(
                "%s  %s %s %s, %s times a task, %s a second%s%s; %s replayed",
                text(policy, "id"),
                text(policy, "code"),
                text(policy, "when").toLowerCase(Locale.ROOT).replace('_', '-'),
                text(policy, "delay"),
                text(policy, "maxReplays"),
                text(policy, "perSecond"),
                only(policy, "type"),
                only(policy, "target"),
                text(policy, "replayed"));
    }

    private static String only(JsonNode policy, String field) {
        String value = text(policy, field);
        return value.isEmpty() ? "" : ", " + field + " " + value;
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
