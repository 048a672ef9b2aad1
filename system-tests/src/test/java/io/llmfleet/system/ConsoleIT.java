package io.llmfleet.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.llmfleet.cli.FleetApi;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The console in a browser, on a whole fleet; pictures of its pages are left in target/console, or
 * where the property {@code console.screenshots} says.
 */
class ConsoleIT {

    private static final Path PICTURES =
            Path.of(System.getProperty("console.screenshots", "target/console"));

    private static final List<String> NAVIGATION =
            List.of("live", "tasks", "runs", "conversations", "dead-letters", "capacity", "usage");

    /** What would run, open or load something if it were ever taken for markup. */
    private static final List<String> MARKUP =
            List.of(
                    "<script>window.hit=1;alert(1)</script>",
                    "<img src=x onerror=\"window.hit=1;alert(1)\">",
                    "<svg onload=alert(1)><script>window.hit=1</script></svg>",
                    "\"><iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
                    "<a href=\"javascript:window.hit=1\">here</a>",
                    "</pre></main><script>window.hit=1</script>",
                    "<math><mi//xlink:href=\"data:x,<script>window.hit=1</script>\">",
                    "<style>*{display:none}</style><link rel=stylesheet href=//example.org/x.css>",
                    "{{constructor.constructor('window.hit=1')()}} ${window.hit=1} <%= 1 %>",
                    "&lt;b&gt; &#60;script&#62;window.hit=1&#60;/script&#62;",
                    "'-alert(1)-' \\\";alert(1);// javascript:alert(1)");

    /** More than a list shows. */
    private static final int TASKS = 50;

    @TempDir static Path folder;
    private static TalkingLlm llm;
    private static RunningFleet fleet;
    private static FleetApi api;
    private static ConsoleBrowser browser;

    @BeforeAll
    static void up() throws IOException {
        assumeTrue(ConsoleBrowser.program().isPresent(), "no browser on this machine");
        llm = new TalkingLlm();
        fleet =
                RunningFleet.start(
                        folder, Map.of("LLM_BASE_URL", llm.url(), "LLM_MODEL", TalkingLlm.MODEL));
        api = fleet.api();
        browser = new ConsoleBrowser(fleet.url());
        PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
    }

    @AfterAll
    static void down() {
        if (browser != null) {
            browser.close();
        }
        if (fleet != null) {
            fleet.close();
        }
        if (llm != null) {
            llm.close();
        }
    }

    @AfterEach
    void nothingIsComplainedAbout() {
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void letsABrowserRunNothingButItsOwnFiles() {
        PlainCaller anybody = new PlainCaller(fleet.url(), "none");
        for (String file : List.of("/console/", "/console/app.js", "/console/pages/task.js")) {
            HttpResponse<String> answer = anybody.get(file);

            assertThat(answer.statusCode()).as(file).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .as(file)
                    .contains("default-src 'none'", "require-trusted-types-for 'script'")
                    .doesNotContain("unsafe", "*", "http:", "https:", "data:");
        }
        assertThat(anybody.get("/console").headers().firstValue("Location").orElse(""))
                .endsWith("/console/");
    }

    @Test
    void streamsWhatIsSubmittedByTheFormOfItsType() {
        Page page = tab();
        heldTask(page, "apples and pears");

        assertThat(output(page)).containsText(TalkingLlm.HELD);
        assertThat(output(page)).not().containsText("pears");
        assertThat(state(page)).hasText("running");

        llm.goOn();

        assertThat(state(page)).hasText("succeeded");
        assertThat(output(page)).containsText("held apples and pears");
        assertThat(page.locator(".timeline"))
                .containsText(Pattern.compile("accepted.*routed.*started.*succeeded"));
        assertThat(page.locator(".facts")).containsText("3 in, 4 out");
    }

    @Test
    void cancelsWhatRuns() {
        Page page = tab();
        heldTask(page, "for ever");
        assertThat(state(page)).hasText("running");

        page.getByRole(AriaRole.BUTTON, named("Cancel")).click();

        assertThat(state(page)).hasText("cancelled");
        assertThat(page.getByRole(AriaRole.BUTTON, named("Cancel"))).isHidden();
        llm.goOn();
    }

    /** From the key to the answer without a pointer. */
    @Test
    void isUsedByKeyboardAlone() {
        Page page = browser.signedOut(wide());
        assertThat(page.getByLabel("API key")).isFocused();
        page.keyboard().type(fleet.key());
        page.keyboard().press("Enter");
        assertThat(heading(page)).hasText("Live");
        assertThat(heading(page)).isFocused();
        tabTo(page, "Tasks");
        page.keyboard().press("Enter");
        assertThat(heading(page)).hasText("Tasks");
        tabTo(page, "New task");
        page.keyboard().press("Enter");
        assertThat(heading(page)).hasText("New task");
        tabTo(page, "Type");
        // One key is enough, and none comes too late for the one before.
        page.keyboard().type("g");
        tabTo(page, "input.prompt");
        page.keyboard().type("typed");
        tabTo(page, "Submit");
        page.keyboard().press("Enter");

        assertThat(state(page)).hasText("succeeded");
        assertThat(output(page)).containsText("typed");
    }

    @Test
    void textOfTasksStaysText() {
        Page page = tab();
        for (String text : MARKUP) {
            String id = finished(generate(text).put("conversation", text)).path("id").asString();
            browser.open(page, "/tasks/" + id);

            assertThat(output(page)).hasText(text);
            assertThat(page.getByLabel("Input", exactly())).containsText(escaped(text));
            assertThat(page.locator(".facts")).containsText(text);
            assertThat(
                            page.locator(
                                    "main script, main img, main iframe, main style, main math,"
                                            + " main svg, main [href^='javascript:']"))
                    .hasCount(0);
        }
        assertThat(page.evaluate("window.hit")).isNull();
    }

    @Test
    void whoHasNoKeySeesNothing() {
        Page page = browser.signedOut(wide());
        page.getByLabel("API key").fill("llmf_wrong");
        page.getByRole(AriaRole.BUTTON, named("Sign in")).click();

        assertThat(page.getByRole(AriaRole.ALERT)).hasText("No such key.");
        // A browser says of each answer with 401 that there was one.
        assertThat(browser.complaints()).hasSize(1).first().asString().contains("401");
        browser.complaints().clear();
    }

    @Test
    void speaksChinese() {
        Page page = tab();
        page.getByLabel("Language").selectOption("zh");

        assertThat(heading(page)).hasText("实时");
        assertThat(page.locator("html")).hasAttribute("lang", "zh");
    }

    @Test
    void showsWhatIsAtWorkAndWhatWouldBeIfMoreCame() {
        ObjectNode held = generate(TalkingLlm.HELD + " for a moment");
        held.putObject("parameters").put("stream", true);
        String id = api.submit(held).path("id").asString();
        Page page = tab();

        assertThat(page.locator(".flow")).containsText(Pattern.compile("0 wait, 1/\\d+ run"));
        assertThat(page.getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName("talking-llm")))
                .containsText("closed");

        llm.goOn();
        finished(api.get("/tasks/" + id));
        assertThat(page.locator(".flow")).containsText(Pattern.compile("0 wait, 0/\\d+ run"));
        browser.open(page, "/capacity");
        assertThat(page.locator(".verdict")).hasText("The slots can do what comes.");
        page.locator("[name='rate']").press("End");
        assertThat(page.locator(".problem")).containsText("grows without end");
    }

    /** A minute of looking at what happens, with the clock of the page set forward. */
    @ParameterizedTest
    @CsvSource({"/live, **/api/v1/queues", "/tasks, **/api/v1/tasks?*"})
    void aPageThatIsLookedAtStaysAsSmallAsItIs(String hash, String asks) {
        api.submitBulk(Collections.nCopies(TASKS, generate("seen")));
        Page page = browser.signedOut(wide());
        page.clock().install();
        browser.signIn(page, fleet.key());
        browser.open(page, hash);
        look(page, asks, 5);
        Map<String, Long> before = browser.memory(page);

        for (int i = 0; i < 6; i++) {
            api.submitBulk(Collections.nCopies(TASKS, generate("seen")));
            look(page, asks, 5);
        }

        Map<String, Long> after = browser.memory(page);
        assertThat(after.get("JSEventListeners")).isEqualTo(before.get("JSEventListeners"));
        assertThat(after.get("Nodes")).isLessThan(before.get("Nodes") + 100);
        assertThat(after.get("JSHeapUsedSize")).isLessThan(before.get("JSHeapUsedSize") + 500_000);
    }

    private static void look(Page page, String asks, int times) {
        for (int i = 0; i < times; i++) {
            page.waitForResponse(asks, () -> page.clock().runFor(3_000));
        }
    }

    @Test
    void decidesAboutDeadLetters() {
        JsonNode task = finished(generate(TalkingLlm.REFUSED));
        String letter = letter(task);
        Page page = tab();
        browser.open(page, "/dead-letters");
        page.getByRole(AriaRole.LINK, named(letter)).click();
        assertThat(page.locator(".facts")).containsText(task.path("id").asString());

        page.getByLabel("Reason").fill("not needed");
        page.getByRole(AriaRole.BUTTON, named("Discard")).click();

        assertThat(state(page)).hasText("discarded");
        assertThat(page.locator(".facts")).containsText("not needed");
    }

    /** By keyboard, from the group to the end. */
    @Test
    void replaysAGroupOfAThousandLettersAtARate() {
        ObjectNode task = generate(TalkingLlm.BROKEN).put("target", TalkingLlm.MODEL);
        api.submitBulk(Collections.nCopies(1000, task));
        String group = "/dead-letters/groups?by=target&state=OPEN&target=" + TalkingLlm.MODEL;
        await().atMost(Duration.ofMinutes(2))
                .until(() -> api.get(group).at("/0/letters").asInt() == 1000);
        llm.mend();
        Page page = tab();
        browser.open(page, "/dead-letters?by=target");
        tabTo(page, TalkingLlm.MODEL);
        page.keyboard().press("Enter");
        assertThat(page.locator("[name='target']")).hasValue(TalkingLlm.MODEL);
        assertThat(page.getByRole(AriaRole.CELL, new Page.GetByRoleOptions().setName("1,000")))
                .isVisible();
        assertThat(page.locator("[name='rate']")).hasValue("50");
        tabTo(page, "Replay all");
        page.keyboard().press("Enter");

        Locator job = page.locator("tr:has(progress)").first();
        assertThat(job).containsText(Pattern.compile("[1-9]\\d\\d/1,000"));
        assertThat(job)
                .containsText(
                        Pattern.compile("1,000/1,000.*done"),
                        new LocatorAssertions.ContainsTextOptions().setTimeout(90_000));
        assertThat(job.locator("progress")).hasAttribute("value", "1000");
        assertThat(page.locator(".empty")).hasText("There are no such letters.");
        JsonNode done = api.get("/dead-letters/jobs?limit=1").at("/items/0");
        assertThat(done.path("done").asInt()).isEqualTo(1000);
        Instant began = Instant.parse(done.path("createdAt").asString());
        Instant ended = Instant.parse(done.path("finishedAt").asString());
        assertThat(Duration.between(began, ended)).isGreaterThan(Duration.ofSeconds(18));
        String failed = "/tasks?state=FAILED&target=" + TalkingLlm.MODEL;
        await().atMost(Duration.ofMinutes(1)).until(() -> api.get(failed).path("items").isEmpty());
    }

    @Test
    void replaysAnEditedCopy() {
        String letter = letter(finished(generate(TalkingLlm.REFUSED)));
        Page page = tab();
        browser.open(page, "/dead-letters/" + letter);
        page.locator("summary").click();
        Locator input = page.locator("textarea[name='input']");
        assertThat(input).hasValue(Pattern.compile("refused"));

        input.fill("{\"prompt\": 5}");
        page.getByRole(AriaRole.BUTTON, named("Replay the copy")).click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("input/prompt");
        input.fill("{\"prompt\": \"edited\"}");
        page.getByRole(AriaRole.BUTTON, named("Replay the copy")).click();

        assertThat(state(page)).hasText("replayed");
        String copy = api.get("/dead-letters/" + letter).path("copy").asString();
        page.getByRole(AriaRole.LINK, named(copy)).click();
        assertThat(output(page)).containsText("edited");
        assertThat(page.getByText("It is an edited copy")).isVisible();
        // A browser says of the refusal that there was one.
        assertThat(browser.complaints()).hasSize(1).first().asString().contains("400");
        browser.complaints().clear();
    }

    @Test
    void addsAndRemovesAPolicyAndExports() {
        Page page = tab();
        browser.open(page, "/dead-letters");
        assertThat(
                        page.waitForDownload(
                                        () ->
                                                page.getByRole(AriaRole.BUTTON, named("Export"))
                                                        .click())
                                .suggestedFilename())
                .isEqualTo("dead-letters.ndjson");
        page.getByRole(AriaRole.LINK, named("Automatic replays")).click();
        page.locator("[name='minutes']").fill("5");
        page.getByRole(AriaRole.BUTTON, named("Add")).click();

        assertThat(page.locator("tbody")).containsText("breaker has closed");
        assertThat(page.locator("tbody")).containsText("PT5M");
        page.getByRole(AriaRole.BUTTON, named("Remove")).click();
        assertThat(page.locator(".empty")).hasText("There are no policies.");
    }

    @Test
    void givesAWaitingStepOfARunItsInput() {
        Page page = tab();
        browser.open(page, "/runs/" + run());

        page.locator("form textarea").fill("{\"text\": \"Thank you.\"}");
        page.getByRole(AriaRole.BUTTON, named("Give")).click();

        assertThat(page.locator(".flow .step", new Page.LocatorOptions().setHasText("feedback")))
                .containsText("succeeded");
        page.getByRole(AriaRole.BUTTON, named("Cancel")).click();
        assertThat(state(page)).hasText("cancelled");
    }

    @ParameterizedTest
    @CsvSource({"LIGHT, 1280", "DARK, 1280", "LIGHT, 390"})
    void everyPageFits(ColorScheme colours, int width) {
        ObjectNode turn = generate("A picture says more.").put("conversation", "talk");
        String task = finished(turn).path("id").asString();
        Map<String, String> pages = new TreeMap<>();
        pages.put("new-task", "/tasks/new");
        pages.put("task", "/tasks/" + task);
        pages.put("run", "/runs/" + run());
        pages.put("conversation", "/conversations/talk");
        pages.put("dead-letter", "/dead-letters/" + letter());
        pages.put("policies", "/dead-letters/policies");
        for (String name : NAVIGATION) {
            pages.put(name, "/" + name);
        }
        Page page =
                browser.signedIn(
                        wide().setColorScheme(colours).setViewportSize(width, 800), fleet.key());
        pages.forEach((name, hash) -> picture(page, name, hash, colours, width));
    }

    private static void picture(
            Page page, String name, String hash, ColorScheme colours, int width) {
        browser.open(page, hash);
        page.locator(".facts, .uplot, .empty, tbody tr, form.submit").first().waitFor();
        assertThat(page.evaluate("document.documentElement.scrollWidth"))
                .as(name + " at " + width)
                .isEqualTo(width);
        String file = "%s-%s-%d.png".formatted(name, colours.name().toLowerCase(), width);
        page.screenshot(
                new Page.ScreenshotOptions().setPath(PICTURES.resolve(file)).setFullPage(true));
    }

    private static Page tab() {
        return browser.signedIn(wide(), fleet.key());
    }

    private static Browser.NewContextOptions wide() {
        return new Browser.NewContextOptions().setViewportSize(1280, 800);
    }

    private static void heldTask(Page page, String text) {
        browser.open(page, "/tasks/new?type=generate");
        page.locator("[name='input.prompt']").fill(TalkingLlm.HELD + " " + text);
        page.getByRole(AriaRole.BUTTON, named("Submit")).click();
    }

    private static void tabTo(Page page, String name) {
        String focused =
                """
                () => [document.activeElement.innerText, document.activeElement.name,
                    document.activeElement.labels?.[0]?.querySelector('.name')?.innerText]
                """;
        for (int i = 0; i < 40; i++) {
            page.keyboard().press("Tab");
            if (((List<?>) page.evaluate(focused)).contains(name)) {
                return;
            }
        }
        throw new AssertionError("no " + name + " by the tabulator key");
    }

    private static Locator state(Page page) {
        return page.locator(".head .state");
    }

    private static Locator output(Page page) {
        return page.getByLabel("Output", exactly());
    }

    private static Locator heading(Page page) {
        return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1));
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static Page.GetByLabelOptions exactly() {
        return new Page.GetByLabelOptions().setExact(true);
    }

    private static String escaped(String text) {
        String json = Json.write(text);
        return json.substring(1, json.length() - 1);
    }

    private static ObjectNode generate(String prompt) {
        ObjectNode task = Json.MAPPER.createObjectNode().put("type", "generate");
        task.putObject("input").put("prompt", prompt);
        return task;
    }

    /** One of several that are open. */
    private static String letter() {
        finished(generate(TalkingLlm.REFUSED));
        finished(generate(TalkingLlm.REFUSED).put("target", "default"));
        return letter(finished(generate(TalkingLlm.REFUSED)));
    }

    private static String letter(JsonNode failed) {
        String of = "/dead-letters?task=" + failed.path("id").asString();
        return api.get(of).at("/items/0/id").asString();
    }

    /** One that gets as far as to the step that waits for a person. */
    private static String run() {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.putObject("input").put("message", "Where is it?").put("knowledge", "It is late.");
        return api.post("/pipelines/customer-service/runs", body).path("id").asString();
    }

    private static JsonNode finished(ObjectNode task) {
        return finished(api.submit(task));
    }

    private static JsonNode finished(JsonNode task) {
        JsonNode now = task;
        while (!FleetApi.isFinal(now)) {
            now = api.await(now.path("id").asString());
        }
        return now;
    }
}
