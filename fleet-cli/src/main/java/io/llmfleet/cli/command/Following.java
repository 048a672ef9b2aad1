package io.llmfleet.cli.command;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.ServerEvents;
import io.llmfleet.cli.Session;
import io.llmfleet.cli.TaskText;
import java.io.IOException;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Prints what happens to a task as it happens: states to standard error, the output to standard
 * output. A broken connection is taken up again where it broke.
 */
final class Following {

    private static final int MOST_FAILURES = 20;
    private static final long PAUSE_MS = 500;

    /** ECMA-48, erase in line. */
    private static final String CLEAR_TO_END = "\033[K";

    private final FleetApi api;
    private final Session session;
    private final String task;
    private final boolean queue;
    private @Nullable String lastId;
    private @Nullable JsonNode end;
    private String said = "";
    private int failures;

    /** Whether standard output holds the beginning of the output that the end will have. */
    private boolean wrote;

    /** Whether the last line of standard error is a place in line, to be drawn over. */
    private boolean placed;

    /**
     * @param queue whether to tell the task's place in line
     */
    Following(FleetApi api, Session session, String task, boolean queue) {
        this.api = api;
        this.session = session;
        this.task = task;
        this.queue = queue;
    }

    /** Returns the exit code once the task is final. */
    int untilFinal() {
        while (end == null) {
            try (ServerEvents events = api.events(task, lastId, queue)) {
                read(events);
            } catch (IOException e) {
                if (++failures > MOST_FAILURES) {
                    throw new FleetException(
                            FleetException.UNREACHABLE, "the fleet does not answer any more", e);
                }
                pause();
            }
        }
        return report(end);
    }

    private void read(ServerEvents events) throws IOException {
        for (ServerEvents.Event e = events.next(); e != null; e = events.next()) {
            failures = 0;
            lastId = e.id() == null ? lastId : e.id();
            show(e);
        }
    }

    private void show(ServerEvents.Event event) {
        switch (event.name()) {
            case "state" -> state(event.data());
            case "delta" -> piece(event.data().path("text").asString(""));
            case "restarted" -> interrupt("starts anew");
            case "gap" -> interrupt("pieces are missing, the whole follows");
            case "queue" -> place(TaskText.place(event.data()));
            case "final" -> end = event.data();
            default -> {
                // a newer fleet may say more
            }
        }
    }

    private void state(JsonNode state) {
        String now =
                state.path("state").asString("")
                        + part("  pool ", state.path("pool"))
                        + part("  model ", state.path("model"))
                        + (state.path("attempt").asInt(0) > 1
                                ? "  attempt " + state.get("attempt").asInt()
                                : "")
                        + part("  ", state.path("code"))
                        + part("  waits ", state.path("retryLevel"));
        if (!now.equals(said)) {
            note(now);
            said = now;
        }
    }

    private static String part(String label, JsonNode value) {
        return value.isString() ? label + value.stringValue() : "";
    }

    private void piece(String text) {
        if (!session.json() && !text.isEmpty()) {
            endPlace();
            session.out().print(text);
            session.out().flush();
            wrote = true;
        }
    }

    private void interrupt(String why) {
        endLine();
        note(why);
    }

    /** On a terminal a place takes the line of the one before. */
    private void place(String text) {
        if (session.interactive()) {
            session.err().print("\r" + stamped(text) + CLEAR_TO_END);
            session.err().flush();
            placed = true;
        } else {
            note(text);
        }
    }

    private void note(String text) {
        endPlace();
        session.err().println(stamped(text));
    }

    private static String stamped(String text) {
        return LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + "  " + text;
    }

    private void endPlace() {
        if (placed) {
            session.err().println();
            placed = false;
        }
    }

    private void endLine() {
        if (wrote) {
            session.out().println();
            wrote = false;
        }
    }

    private int report(JsonNode last) {
        note(last.path("state").asString(""));
        boolean whole = wrote && last.path("state").asString("").equals("SUCCEEDED");
        endLine();
        return whole ? 0 : Waiting.report(session, last);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }
}
