package io.llmfleet.cli.command;

import io.llmfleet.cli.DeadLetterText;
import io.llmfleet.cli.Session;
import io.llmfleet.wire.Json;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Dead letters: what failed for good, and what could not be read. */
@Command(
        name = "dead",
        mixinStandardHelpOptions = true,
        description = "Dead letters: what failed for good, and what could not be read.",
        synopsisSubcommandLabel = "(list|groups|show|replay|edit|discard|export|jobs|stop|policy)",
        subcommands = {
            DeadReplayCommand.class,
            DeadDiscardCommand.class,
            DeadEditCommand.class,
            DeadPolicyCommand.class
        })
public final class DeadCommand implements Runnable {

    private static final String PATH = "/dead-letters";

    @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "say list, groups, show, replay, edit, discard, export, jobs, stop or policy");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List dead letters, newest first; those that wait for a decision.")
    void list(
            @Mixin Session session,
            @Mixin LetterFilter filter,
            @Mixin PageOptions page,
            @Option(
                            names = "--state",
                            defaultValue = "OPEN",
                            description = "OPEN, REPLAYED, DISCARDED or ALL (${DEFAULT-VALUE}).")
                    String state) {
        Map<String, String> query = filter.query();
        query.put("state", state.equals("ALL") ? "" : state);
        page.print(session, PATH, query, DeadLetterText::row, "no dead letters");
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show a dead letter with the failure of each attempt.")
    void show(
            @Mixin Session session,
            @Parameters(paramLabel = "ID", description = "As list shows it.") String id) {
        JsonNode letter = session.api().get(PATH + "/" + Paths.part(id));
        session.print(letter, DeadLetterText.details(letter));
    }

    @Command(
            name = "groups",
            mixinStandardHelpOptions = true,
            description = "Count dead letters by what they have in common.")
    void groups(
            @Mixin Session session,
            @Mixin LetterFilter filter,
            @Option(
                            names = "--by",
                            defaultValue = "code",
                            description =
                                    "code, reason, type, backend, source, target, shape or tenant"
                                            + " (${DEFAULT-VALUE}).")
                    String by,
            @Option(
                            names = "--state",
                            defaultValue = "OPEN",
                            description = "OPEN, REPLAYED, DISCARDED or ALL (${DEFAULT-VALUE}).")
                    String state) {
        Map<String, String> query = filter.query();
        query.put("by", by);
        query.put("state", state.equals("ALL") ? "" : state);
        JsonNode groups = session.api().get(PATH + "/groups" + Paths.query(query));
        String rows =
                groups.valueStream().map(DeadLetterText::group).collect(Collectors.joining("\n"));
        session.print(groups, rows.isEmpty() ? "no dead letters" : rows);
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Print dead letters as lines of JSON.")
    void export(
            @Mixin Session session,
            @Mixin LetterFilter filter,
            @Option(names = "--state", defaultValue = "", description = "OPEN, REPLAYED, ...")
                    String state) {
        Map<String, String> query = filter.query();
        query.put("state", state);
        session.out().print(session.api().lines(PATH + "/export" + Paths.query(query)));
        session.out().flush();
    }

    @Command(
            name = "jobs",
            mixinStandardHelpOptions = true,
            description = "List replays and discards of many, newest first.")
    void jobs(@Mixin Session session) {
        JsonNode page = session.api().get(LetterJobs.PATH);
        String rows =
                page.path("items")
                        .valueStream()
                        .map(DeadLetterText::job)
                        .collect(Collectors.joining("\n"));
        session.print(page, rows.isEmpty() ? "no replays or discards of many" : rows);
    }

    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description = "Stop a replay or discard of many; the rest stays open.")
    void stop(
            @Mixin Session session,
            @Parameters(paramLabel = "JOB", description = "As jobs shows it.") String id) {
        JsonNode job =
                session.api()
                        .post(
                                LetterJobs.PATH + "/" + Paths.part(id) + "/cancel",
                                Json.MAPPER.createObjectNode());
        session.print(job, DeadLetterText.job(job));
    }

    static JsonNode decide(Session session, String id, String decision, Map<String, String> body) {
        return session.api()
                .post(PATH + "/" + Paths.part(id) + "/" + decision, Json.MAPPER.valueToTree(body));
    }
}
