package io.llmfleet.cli.command;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.RunText;
import io.llmfleet.cli.Session;
import io.llmfleet.wire.Json;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Pipelines: several tasks that work together. */
@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description = "Pipelines: several tasks that work together.",
        synopsisSubcommandLabel = "(put|get|list|run|show)")
public final class PipelineCommand implements Runnable {

    private static final String PIPELINES = "/pipelines/";

    @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "say put, get, list, run or show");
    }

    @Command(
            name = "put",
            mixinStandardHelpOptions = true,
            description = "Store a definition; the same content is no new version.")
    void put(
            @Mixin Session session,
            @Parameters(index = "0", paramLabel = "NAME", description = "The pipeline's name.")
                    String name,
            @Parameters(
                            index = "1",
                            paramLabel = "FILE",
                            description = "YAML or JSON; - for standard input.")
                    String file) {
        JsonNode stored =
                session.api()
                        .put(
                                PIPELINES + Paths.part(name),
                                "application/yaml",
                                TaskRequest.read(file));
        session.print(stored, name + " is at version " + stored.path("version").asString(""));
    }

    @Command(name = "get", mixinStandardHelpOptions = true, description = "Print a definition.")
    void get(
            @Mixin Session session,
            @Parameters(paramLabel = "NAME", description = "The pipeline's name.") String name) {
        JsonNode pipeline = session.api().get(PIPELINES + Paths.part(name));
        session.print(pipeline, pipeline.path("definition").toPrettyString());
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List pipelines, the shipped ones included.")
    void list(@Mixin Session session) {
        JsonNode all = session.api().get("/pipelines");
        session.print(
                all, all.valueStream().map(PipelineCommand::row).collect(Collectors.joining("\n")));
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Start a run and wait for its end.")
    int run(
            @Mixin Session session,
            @Parameters(index = "0", paramLabel = "NAME", description = "The pipeline's name.")
                    String name,
            @Parameters(
                            index = "1",
                            paramLabel = "FILE",
                            description = "The input as JSON; - for standard input.")
                    String file,
            @Option(names = "--no-wait", description = "Print the run's id and go.") boolean noWait,
            @Option(
                            names = "--timeout",
                            defaultValue = "PT10M",
                            description = "How long to wait (${DEFAULT-VALUE}).")
                    Duration timeout) {
        FleetApi api = session.api();
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.set("input", input(TaskRequest.read(file)));
        JsonNode run = api.post(PIPELINES + Paths.part(name) + "/runs", body);
        if (noWait) {
            session.print(run, run.path("id").asString(""));
            return 0;
        }
        JsonNode end = Runs.await(api, run.path("id").asString(""), timeout);
        session.print(end, RunText.outcome(end));
        return Runs.succeeded(end) ? 0 : FleetException.FAILED;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show a run with its steps.")
    void show(
            @Mixin Session session,
            @Parameters(paramLabel = "ID", description = "The run's id.") String id) {
        JsonNode run = session.api().get("/runs/" + Paths.part(id));
        session.print(run, RunText.details(run));
    }

    private static JsonNode input(String json) {
        try {
            return Json.MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new FleetException(
                    FleetException.USAGE, "the input is no JSON: " + Json.reason(e), e);
        }
    }

    private static String row(JsonNode pipeline) {
        return String.format(
                Locale.ROOT,
                "%-24s%-10s%s",
                pipeline.path("name").asString(""),
                pipeline.path("shipped").asBoolean(false)
                        ? "shipped"
                        : pipeline.path("version").asString(""),
                pipeline.path("description").asString(""));
    }
}
