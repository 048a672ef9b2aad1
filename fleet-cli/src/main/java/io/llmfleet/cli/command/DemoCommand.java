package io.llmfleet.cli.command;

import io.llmfleet.cli.FleetApi;
import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.Session;
import io.llmfleet.cli.TaskText;
import io.llmfleet.cli.local.LocalFleet;
import io.llmfleet.cli.local.Service;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Shows the main job: submits the tasks of a folder and runs pipelines, prints every answer. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Bring the fleet up if it is not, run the example tasks and pipelines, print the answers.")
public final class DemoCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int BAR = 24;
    private static final long POLL_MS = 100;

    @Mixin Session session = new Session();

    @Option(names = "--no-install", description = "Never install a broker.")
    boolean noInstall;

    private record Submitted(String title, String id) {}

    @Override
    public Integer call() {
        if (System.getenv("FLEET_URL") == null) {
            bringUp();
        }
        FleetApi api = session.api();
        List<Submitted> all = new ArrayList<>();
        for (Path file : examples()) {
            JsonNode task = read(file);
            all.add(new Submitted(title(task, file), api.submit(task).path("id").asString("")));
        }
        List<JsonNode> tasks = await(api, all);
        if (session.json()) {
            session.out().println(Json.MAPPER.createArrayNode().addAll(tasks));
        } else {
            print(all, tasks);
        }
        List<JsonNode> runs = session.json() ? List.of() : new DemoPipelines(session, api).run();
        return tasks.stream().allMatch(DemoCommand::succeeded)
                        && runs.stream().allMatch(DemoPipelines::wentAsFarAsItGoes)
                ? 0
                : FleetException.FAILED;
    }

    private void bringUp() {
        LocalFleet fleet = session.localFleet();
        for (Service service : Service.values()) {
            if (!fleet.home().service(service, 1).ready()) {
                fleet.up(!noInstall);
                return;
            }
        }
    }

    private List<Path> examples() {
        Path folder = session.root().resolve("examples");
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
        } catch (IOException e) {
            throw new FleetException("cannot read " + folder + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode read(Path file) {
        try {
            return Json.MAPPER.readTree(Files.readString(file));
        } catch (IOException | tools.jackson.core.JacksonException e) {
            throw new FleetException(file + " holds no task: " + e.getMessage(), e);
        }
    }

    private static String title(JsonNode task, Path file) {
        return task.path("metadata").path("title").asString(String.valueOf(file.getFileName()));
    }

    private List<JsonNode> await(FleetApi api, List<Submitted> all) {
        Instant end = Instant.now().plus(PATIENCE);
        List<JsonNode> tasks = new ArrayList<>();
        for (Submitted one : all) {
            progress(tasks.size(), all.size());
            JsonNode task = api.get("/tasks/" + one.id());
            while (!FleetApi.isFinal(task) && Instant.now().isBefore(end)) {
                pause();
                task = api.get("/tasks/" + one.id());
            }
            tasks.add(task);
        }
        progress(tasks.size(), all.size());
        return tasks;
    }

    private void progress(int done, int of) {
        if (session.interactive()) {
            int filled = BAR * done / of;
            session.err()
                    .print(
                            "\r["
                                    + "#".repeat(filled)
                                    + "-".repeat(BAR - filled)
                                    + "] "
                                    + done
                                    + " of "
                                    + of
                                    + " tasks"
                                    + (done == of ? "\n" : ""));
            session.err().flush();
        } else if (done == of || done == 0) {
            session.progress(done + " of " + of + " tasks are done");
        }
    }

    private void print(List<Submitted> all, List<JsonNode> tasks) {
        for (int i = 0; i < tasks.size(); i++) {
            JsonNode task = tasks.get(i);
            session.out()
                    .printf(
                            "%n%s  [%s, %s]%n%s%n",
                            all.get(i).title(),
                            task.path("type").asString(""),
                            succeeded(task)
                                    ? task.path("result").path("model").asString("")
                                    : task.path("state").asString(""),
                            TaskText.outcome(task).indent(2).stripTrailing());
        }
        long succeeded = tasks.stream().filter(DemoCommand::succeeded).count();
        session.out().printf("%n%d of %d tasks succeeded%n", succeeded, tasks.size());
    }

    private static boolean succeeded(JsonNode task) {
        return task.path("state").asString("").equals("SUCCEEDED");
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }
}
