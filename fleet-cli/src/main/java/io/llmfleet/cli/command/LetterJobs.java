package io.llmfleet.cli.command;

import io.llmfleet.cli.DeadLetterText;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.Session;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Begins decisions about many dead letters, and waits for their end. */
final class LetterJobs {

    static final String PATH = "/dead-letters/jobs";
    private static final long LOOK_MILLIS = 500;

    private final Session session;

    LetterJobs(Session session) {
        this.session = session;
    }

    void start(ObjectNode order, boolean wait) {
        JsonNode job = session.api().post(PATH, order);
        String id = job.path("id").asString("");
        if (wait) {
            job = await(id);
        }
        session.print(
                job,
                DeadLetterText.job(job)
                        + (wait
                                ? ""
                                : "\n./fleet dead jobs shows how far it is; ./fleet dead stop "
                                        + id));
    }

    private JsonNode await(String id) {
        try {
            JsonNode job = session.api().get(PATH + "/" + Paths.part(id));
            while (job.path("state").asString("").equals("RUNNING")) {
                Thread.sleep(LOOK_MILLIS);
                job = session.api().get(PATH + "/" + Paths.part(id));
            }
            return job;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }
}
