package io.llmfleet.system;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.llmfleet.wire.Json;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** The distribution's browser on the console, and what it complained about. */
final class ConsoleBrowser implements AutoCloseable {

    private static final String KEY = "llm-fleet.key";

    private final String url;
    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    /** Where a browser is on the path. */
    static Optional<Path> program() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(f -> Stream.of(Path.of(f, "chromium"), Path.of(f, "google-chrome")))
                .filter(Files::isExecutable)
                .findFirst();
    }

    ConsoleBrowser(String url) {
        this.url = url;
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(program().orElseThrow()));
    }

    /** A fresh tab that nobody signed in on. */
    Page signedOut(Browser.NewContextOptions options) {
        Page page = blank(options);
        page.navigate(url + "/console/");
        return page;
    }

    private Page blank(Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options.setLocale("en-GB"));
        context.setDefaultTimeout(30_000);
        Page page = context.newPage();
        page.onPageError(complaints::add);
        page.onDialog(
                dialog -> {
                    complaints.add("dialog: " + dialog.message());
                    dialog.dismiss();
                });
        page.onConsoleMessage(
                message -> {
                    if (message.type().equals("error") || message.type().equals("warning")) {
                        complaints.add(message.text());
                    }
                });
        return page;
    }

    /** Opens a page in a browser that has seen nothing. */
    PageTimes time(PageTimes.Sight sight, String key) {
        Page page = blank(new Browser.NewContextOptions().setViewportSize(1280, 800));
        page.addInitScript(PageTimes.watching(Json.write(List.of(KEY, key, sight.drawn()))));
        page.navigate(url + "/console/#" + sight.hash());
        PageTimes times = PageTimes.of(page);
        page.context().close();
        return times;
    }

    /** A fresh tab that is signed in, on the first page. */
    Page signedIn(Browser.NewContextOptions options, String key) {
        Page page = signedOut(options);
        signIn(page, key);
        return page;
    }

    void signIn(Page page, String key) {
        page.evaluate("([k, v]) => sessionStorage.setItem(k, v)", List.of(KEY, key));
        page.reload();
        page.locator("main[data-shown]").waitFor();
    }

    /** What a page holds after a collection: bytes of its heap, nodes, listeners. */
    Map<String, Long> memory(Page page) {
        CDPSession session = page.context().newCDPSession(page);
        session.send("Performance.enable");
        // What the first one finalises, the second one frees.
        session.send("HeapProfiler.collectGarbage");
        session.send("HeapProfiler.collectGarbage");
        Map<String, Long> metrics = new HashMap<>();
        session.send("Performance.getMetrics")
                .getAsJsonArray("metrics")
                .forEach(
                        m ->
                                metrics.put(
                                        m.getAsJsonObject().get("name").getAsString(),
                                        m.getAsJsonObject().get("value").getAsLong()));
        session.detach();
        return metrics;
    }

    /** Another page of the same tab. */
    void open(Page page, String hash) {
        page.navigate(url + "/console/#" + hash);
        page.locator("main[data-shown='#" + hash + "']").waitFor();
    }

    /** Errors and warnings of the browser, and dialogs that opened. */
    List<String> complaints() {
        return complaints;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
