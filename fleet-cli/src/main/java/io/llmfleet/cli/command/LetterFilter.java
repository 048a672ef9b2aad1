package io.llmfleet.cli.command;

import io.llmfleet.cli.FleetException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which dead letters are meant. */
final class LetterFilter {

    @Option(
            names = "--where",
            paramLabel = "NAME=VALUE",
            description =
                    "Only those: code, reason, type, backend, source, target, shape, tenant, task, job, since or"
                            + " until; may be there many times.")
    Map<String, String> where = new LinkedHashMap<>();

    Map<String, String> query() {
        return new LinkedHashMap<>(where);
    }

    boolean isEmpty() {
        return where.isEmpty();
    }

    /** So that nobody decides about everything by leaving something out. */
    void require(boolean all) {
        if (where.isEmpty() && !all) {
            throw new FleetException(
                    FleetException.USAGE,
                    "say which: an ID, --where NAME=VALUE, or --all for all open ones",
                    null);
        }
    }
}
