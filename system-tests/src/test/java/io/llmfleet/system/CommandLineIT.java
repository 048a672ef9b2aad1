package io.llmfleet.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.FleetHome;
import io.llmfleet.cli.local.Ports;
import io.llmfleet.cli.local.Service;
import io.llmfleet.testing.FleetCommand;
import io.llmfleet.testing.FleetCommand.Outcome;
import io.llmfleet.testing.TestBroker;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A person at the command line, from {@code up} to {@code down --wipe}. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CommandLineIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int LAST = Integer.MAX_VALUE;

    @TempDir static Path folder;
    private static FleetHome home;
    private static FleetCommand fleet;

    @BeforeAll
    static void up() {
        home = new FleetHome(ROOT, folder.resolve("home"));
        home.prepare(line -> {});
        TestBroker broker = TestBroker.shared().newVhost();
        fleet =
                new FleetCommand(
                        ROOT,
                        Map.of(
                                "FLEET_HOME", home.folder().toString(),
                                "FLEET_PORT", Integer.toString(Ports.any()),
                                "RABBITMQ_URI", broker.amqpUri(),
                                "RABBITMQ_MANAGEMENT_URL", broker.managementUrl()));
        Outcome outcome = fleet.run("up", "--no-install");
        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("API ", "docs ", home.apiKey());
    }

    @AfterAll
    static void stop() {
        for (Service service : Service.values()) {
            home.service(service, 1).kill();
        }
        home.database().wipe();
    }

    @Test
    void secondUpStartsOnlyWhatDied() {
        long producer = pid(Service.PRODUCER);
        long worker = pid(Service.WORKER);
        home.service(Service.ROUTER, 1).kill();
        assertThat(fleet.run("status").exit()).isEqualTo(FleetException.UNREACHABLE);

        Outcome outcome = fleet.run("up");

        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.err())
                .contains(
                        "already running: the producer",
                        "starting the router",
                        "already running: the worker");
        assertThat(pid(Service.PRODUCER)).isEqualTo(producer);
        assertThat(pid(Service.WORKER)).isEqualTo(worker);
        assertThat(fleet.run("status").exit()).isZero();
    }

    @Test
    void servicesStartFromTheCacheOfTheirBuild() throws IOException {
        for (Service service : Service.values()) {
            Path maps = Path.of("/proc", Long.toString(pid(service)), "maps");
            assumeTrue(Files.isReadable(maps), "this system does not tell what a process maps");
            assertThat(Files.readString(maps)).contains("target/app/" + service.word(), ".aot");
        }
    }

    @Test
    void submitsWhatStandardInputHasAndPrintsTheAnswer() {
        Outcome answer =
                fleet.runWithInput("Parcel 7 arrived.\n", "submit", "summarize", "-", "--wait");
        assertThat(answer).isEqualTo(new Outcome(0, "Parcel 7 arrived.", ""));

        Outcome id =
                fleet.runWithInput(
                        "{\"type\": \"summarize\", \"input\": {\"text\": \"Letter 8 arrived.\"}}",
                        "submit",
                        "summarize",
                        "-",
                        "--priority",
                        "high",
                        "--metadata",
                        "title=letter");
        JsonNode task = json(fleet.run("get", id.out(), "--json"));
        assertThat(task.path("priority").asString()).isEqualToIgnoringCase("high");
        assertThat(task.at("/metadata/title").asString()).isEqualTo("letter");
    }

    @Test
    void aTaskSendsTasksToOthersWithinBounds() {
        Outcome bounded =
                fleet.run(
                        "submit",
                        "chat",
                        "--text",
                        "Delegate summarize: Parcel 7 arrived.",
                        "--delegation",
                        "maxTasks=1",
                        "--wait");

        assertThat(bounded.exit()).as(bounded.err()).isZero();
        assertThat(bounded.out()).contains("Parcel 7 arrived.");
        JsonNode children = json(fleet.run("list", "--type", "summarize", "--json")).path("items");
        assertThat(children.valueStream()).anyMatch(c -> c.has("parent"));
    }

    @Test
    void aTaskThatFailsIsADeadLetterUntilAPersonDecides() {
        Outcome failed =
                fleet.runWithInput(
                        "{\"text\": \"Guten Tag\", \"to\": \"en\"}",
                        "submit",
                        "translate",
                        "-",
                        "--wait");
        assertRefused(failed, "fleet: task ", "is FAILED: UNSUPPORTED: ");
        String task = failed.err().split(" ")[2];
        String letter = letterOf(task);
        assertThat(fleet.run("dead", "list").out()).contains(letter, "translate", "UNSUPPORTED");
        assertThat(fleet.run("dead", "show", letter).out()).contains(task, "LLM_BASE_URL");

        Outcome replayed = fleet.run("dead", "replay", letter);

        assertThat(replayed.exit()).as(replayed.err()).isZero();
        assertRefused(fleet.run("dead", "replay", letter), "refused (409)", "decided about before");
        assertThat(fleet.run("follow", task).exit()).isEqualTo(FleetException.FAILED);
        String second = letterOf(task);
        assertThat(second).isNotEqualTo(letter);
        Outcome discarded = fleet.run("dead", "discard", second, "--reason", "it is German");
        assertThat(discarded.exit()).as(discarded.err()).isZero();
        assertThat(fleet.run("dead", "show", second).out()).contains("DISCARDED", "it is German");
    }

    /** The built-in engine translates nothing, so the turn fails. */
    @Test
    void aHaltedConversationGoesOnWhenAPersonSaysSo() {
        Outcome failed =
                fleet.runWithInput(
                        """
                        {"type": "translate", "input": {"text": "Guten Tag", "to": "en"},
                         "conversation": "tea/at five", "turn": {"onFailure": "halt"}}
                        """,
                        "submit",
                        "translate",
                        "-",
                        "--wait");
        assertRefused(failed, "is FAILED: UNSUPPORTED: ");
        String task = failed.err().split(" ")[2];

        Outcome halted = fleet.run("conversations", "list", "--halted");
        Outcome resumed = fleet.run("conversations", "resume", "tea/at five");

        assertThat(halted.out()).contains("tea/at five", "1 turns", "halted by " + task);
        assertThat(resumed.exit()).as(resumed.err()).isZero();
        assertThat(resumed.out()).contains("idle", "tea/at five");
        assertThat(fleet.run("conversations", "list", "--halted").out())
                .contains("no conversations");
        assertThat(json(fleet.run("conversations", "list", "--json")).at("/items/0/conversation"))
                .isEqualTo(Json.MAPPER.valueToTree("tea/at five"));
    }

    @Test
    void manyDeadLettersAreDecidedAboutAtOnce() {
        String first = untranslated();
        String second = untranslated();
        assertThat(fleet.run("dead", "groups", "--by", "type").out()).contains("translate");
        assertThat(fleet.run("dead", "export", "--where", "type=translate").out())
                .contains(first, second);
        Outcome nothing = fleet.run("dead", "replay");
        assertThat(nothing.exit()).isEqualTo(FleetException.USAGE);
        assertThat(nothing.err()).contains("--where", "--all");

        Outcome edited =
                fleet.runWithInput(
                        "{\"text\": \"Hallo\", \"to\": \"fr\"}",
                        "dead",
                        "edit",
                        letterOf(first),
                        "--input",
                        "-");
        assertThat(edited.out()).as(edited.err()).startsWith("replayed as ");
        String copy = edited.out().split("[ ;]")[2];
        assertThat(fleet.run("follow", copy).exit()).isEqualTo(FleetException.FAILED);
        Outcome replayed =
                fleet.run("dead", "replay", "--where", "task=" + second, "--rate", "5", "--wait");
        assertThat(replayed.out()).as(replayed.err()).contains("DONE", "1 of 1 done");
        assertThat(fleet.run("follow", second).exit()).isEqualTo(FleetException.FAILED);
        Outcome discarded =
                fleet.run("dead", "discard", "--where", "task=" + copy, "--reason", "no", "--wait");
        assertThat(discarded.out()).as(discarded.err()).contains("1 of 1 done");
        assertThat(fleet.run("dead", "jobs").out()).contains("replay", "discard");

        Outcome page =
                fleet.run(
                        "dead", "list", "--state", "ALL", "--where", "task=" + second, "--limit=1");
        String next = page.out().lines().toList().getLast();
        assertThat(next).startsWith("more: ./fleet dead list --state ALL --where task=" + second);
        assertThat(fleet.run(next.substring("more: ./fleet ".length()).split(" ")).out())
                .as("the other letter of a task that failed twice")
                .contains("UNSUPPORTED", "REPLAYED");

        String policy = fleet.run("dead", "policy", "add", "BACKEND_ERROR").out().split(" ")[0];
        assertThat(fleet.run("dead", "policy", "list").out()).contains(policy, "breaker-closed");
        assertThat(fleet.run("dead", "policy", "remove", policy).exit()).isZero();
        assertThat(fleet.run("dead", "policy", "list").out()).isEqualTo("no policies");
    }

    private static String untranslated() {
        return fleet.runWithInput(
                        "{\"text\": \"Guten Tag\", \"to\": \"en\"}",
                        "submit",
                        "translate",
                        "-",
                        "--wait")
                .err()
                .split(" ")[2];
    }

    private static String letterOf(String task) {
        for (JsonNode letter : json(fleet.run("dead", "list", "--json")).path("items")) {
            if (letter.path("taskId").asString().equals(task)) {
                return letter.path("id").asString();
            }
        }
        throw new AssertionError("no open dead letter of " + task);
    }

    @Test
    void printsAnAnswerAsItIsMade() {
        Outcome streamed =
                fleet.run(
                        "submit",
                        "chat",
                        "--stream",
                        "--text",
                        "What is a queue? A queue keeps messages until they are read.");

        assertThat(streamed.exit()).as(streamed.err()).isZero();
        assertThat(streamed.out()).isEqualTo("A queue keeps messages until they are read.");
        assertThat(streamed.err()).contains("SUCCEEDED");
    }

    @Test
    void showsWhatWasUsedAndWhatSignsWebhooks() {
        assertThat(fleet.run("submit", "embed", "--text", "a queue", "--wait").exit()).isZero();

        assertThat(fleet.run("usage").out()).contains("builtin-minilm");
        assertThat(fleet.run("webhooks", "list").out()).isEqualTo("no deliveries");
        Outcome secret = fleet.run("webhooks", "secret");
        assertThat(secret.out()).startsWith("whsec_");
        assertThat(fleet.run("webhooks", "secret", "--rotate").out())
                .startsWith("whsec_")
                .isNotEqualTo(secret.out());
        assertRefused(fleet.run("webhooks", "show", "nothing"), "refused (404)", "delivery");
    }

    @Test
    void cancelsATaskAndDeletesItsContent() {
        String id = fleet.run("submit", "summarize", "--text", "A secret.").out();

        Outcome cancelled = fleet.run("cancel", id);
        Outcome deleted = fleet.run("delete", id);

        // It may have been faster than the person; a final state is kept.
        assertThat(cancelled.out()).matches("the task is (CANCELLED|SUCCEEDED)");
        assertThat(deleted).isEqualTo(new Outcome(0, "deleted the content of " + id, ""));
        assertThat(fleet.run("get", id, "--json").out()).doesNotContain("A secret.");
        String nobody = UUID.randomUUID().toString();
        assertRefused(fleet.run("cancel", nobody), "refused (404)", nobody);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "list",
                "list --state SUCCEEDED --limit 1",
                "key list",
                "client list",
                "client create reader",
                "dead list",
                "dead groups",
                "topology show",
                "topology apply",
                "submit summarize --text Hello.",
                "submit summarize --text Hello. --wait"
            })
    void printsOneJsonValueAndNothingElse(String command) {
        String[] words = (command + " --json").split(" ");

        Outcome outcome = fleet.run(words);

        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out().lines()).hasSize(1);
        assertThat(json(outcome).isContainer()).isTrue();
    }

    @Test
    void aKeyWorksUntilItIsRevoked() {
        String key = fleet.run("key", "create", "clerk", "--role", "user").out();
        FleetCommand clerk = fleet.with(Map.of("FLEET_API_KEY", key));
        assertThat(clerk.run("list").exit()).isZero();
        Outcome refused = clerk.run("key", "list");
        assertThat(refused.exit()).isEqualTo(FleetException.FAILED);
        assertThat(refused.err()).startsWith("fleet: refused (403)");

        String row = rowOf("clerk");
        assertThat(row).doesNotContain(key);
        Outcome revoked = fleet.run("key", "revoke", row.split(" ")[0]);

        assertThat(revoked.exit()).as(revoked.err()).isZero();
        assertRefused(clerk.run("list"), "refused (401)");
        assertThat(fleet.run("key", "list").out()).containsPattern("clerk .* revoked");
    }

    @Test
    void whatAKeyMayIsSetShownAndChanged() {
        String key =
                fleet.run("key", "create", "guarded", "--role", "user", "--cost-per-day", "2.50")
                        .out();
        FleetCommand guarded = fleet.with(Map.of("FLEET_API_KEY", key));
        assertThat(guarded.run("key", "show").out()).contains("costPerDay", "0 of 2.5");
        String id = rowOf("guarded").split(" ")[0];

        Outcome changed = fleet.run("key", "limit", id, "--requests-per-minute", "1");

        assertThat(changed.out()).contains("requestsPerMinute=1 costPerDay=2.5");
        assertThat(rowOf("guarded")).contains("requestsPerMinute=1 costPerDay=2.5");
        assertThat(guarded.run("list").exit()).isZero();
        assertRefused(guarded.run("list"), "refused (429)");
        fleet.run("key", "limit", id, "--requests-per-minute", "default");
        assertThat(rowOf("guarded")).doesNotContain("requestsPerMinute");
        assertRefused(fleet.run("key", "limit", id, "--queued-tasks", "0"), "/limits/queuedTasks");
    }

    private static String rowOf(String name) {
        return fleet.run("key", "list")
                .out()
                .lines()
                .filter(l -> l.contains(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsWrongIsOneLineThatNamesIt() {
        assertRefused(
                fleet.with(Map.of("FLEET_API_KEY", "flk_wrong")).run("list"), "refused (401)");
        assertRefused(fleet.run("get", UUID.randomUUID().toString()), "refused (404)");
        assertRefused(fleet.run("get", "nonsense"), "nonsense");
        assertRefused(fleet.run("list", "--state", "DONE"), "refused (400)", "state", "SUCCEEDED");
        assertRefused(fleet.run("submit", "sing", "--text", "la"), "refused (400)", "type", "chat");
    }

    @Test
    void aPythonProgramGetsItsAnswerOverAmqp() throws Exception {
        Optional<String> python = pythonWithPika();
        assumeTrue(python.isPresent(), "there is no python3 with pika on this machine");
        Outcome created = fleet.run("client", "create", "hello");
        assertThat(created.exit()).as(created.err()).isZero();
        assertThat(fleet.run("client", "create", "hello").out())
                .as("a client that is there is kept")
                .isEqualTo(created.out());

        Outcome answer = hello(python.get(), created.out());
        assertThat(answer.exit()).as(answer.out()).isZero();
        assertThat(answer.out()).isNotBlank();

        Outcome stranger = hello(python.get(), created.out().replaceFirst(":[^:@]+@", ":no@"));
        assertThat(stranger.exit()).isEqualTo(1);
        assertThat(stranger.out()).startsWith("hello: the broker does not let us in: ");
    }

    /** Its answer, or what it says instead. */
    private static Outcome hello(String python, String uri) throws Exception {
        String script = ROOT.resolve("examples/python/hello.py").toString();
        Process process = new ProcessBuilder(python, script, uri).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        return new Outcome(process.exitValue(), said.strip(), "");
    }

    @Test
    @Order(LAST - 1)
    void aServiceThatDiesAtItsStartIsOneLineWithItsReasonAndItsLog() {
        Outcome outcome = fleet.with(Map.of("LLM_BASE_URL", "http://127.0.0.1:1/v1")).run("up");

        assertThat(outcome.exit()).isEqualTo(FleetException.FAILED);
        assertThat(outcome.lastLine())
                .startsWith("fleet: the worker is not ready: ")
                .contains("LLM_MODEL")
                .endsWith("(log: " + home.logs("worker.log") + ")");
    }

    @Test
    @Order(LAST)
    void wipeStopsEverythingAndLeavesNothing() {
        List<ProcessHandle> processes =
                Arrays.stream(Service.values())
                        .flatMap(s -> home.service(s, 1).process().stream())
                        .toList();
        assertThat(processes).isNotEmpty();

        Outcome outcome = fleet.run("down", "--wipe");

        assertThat(outcome).isEqualTo(new Outcome(0, "the fleet is down and wiped", ""));
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(Files.exists(home.folder())).isFalse();
        Outcome list = fleet.run("list");
        assertThat(list.exit()).isEqualTo(FleetException.UNREACHABLE);
        assertThat(list.err()).contains("no fleet answers");
    }

    private static void assertRefused(Outcome outcome, String... parts) {
        assertThat(outcome.exit()).isEqualTo(FleetException.FAILED);
        assertThat(outcome.err().lines()).as(outcome.err()).hasSize(1);
        assertThat(outcome.err()).startsWith("fleet: ").contains(parts);
        assertThat(outcome.out()).isEmpty();
    }

    private static long pid(Service service) {
        return home.service(service, 1).process().orElseThrow().pid();
    }

    private static JsonNode json(Outcome outcome) {
        return Json.MAPPER.readTree(outcome.out());
    }

    private static Optional<String> pythonWithPika() throws IOException, InterruptedException {
        // Debian's own has its packages, even where another one comes first.
        for (String python : List.of("python3", "/usr/bin/python3")) {
            if (imports(python)) {
                return Optional.of(python);
            }
        }
        return Optional.empty();
    }

    private static boolean imports(String python) throws InterruptedException {
        try {
            return new ProcessBuilder(python, "-c", "import pika")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
