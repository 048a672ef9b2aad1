package io.llmfleet.cli;

import io.llmfleet.cli.local.FleetHome;
import io.llmfleet.cli.local.FleetSettings;
import io.llmfleet.cli.local.LocalFleet;
import io.llmfleet.cli.local.Service;
import io.llmfleet.wire.Json;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** What every command has: the fleet that is meant, and how to print. */
public final class Session {

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "Print JSON, one value, and nothing else.")
    boolean json;

    public boolean json() {
        return json;
    }

    /** The folder of the project, which the {@code fleet} script tells. */
    public Path root() {
        String told = System.getProperty("fleet.root", "");
        if (!told.isEmpty()) {
            return Path.of(told);
        }
        for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
            if (Files.exists(p.resolve("fleet-cli/pom.xml"))) {
                return p;
            }
        }
        throw new FleetException("run this from the project's folder, by its script ./fleet");
    }

    public FleetHome home() {
        String told = System.getenv().getOrDefault("FLEET_HOME", "");
        return new FleetHome(root(), told.isEmpty() ? root().resolve(".fleet") : Path.of(told));
    }

    /** The fleet on this machine; what it says of its progress goes to standard error. */
    public LocalFleet localFleet() {
        return new LocalFleet(home(), FleetSettings.ofProcess(), this::progress);
    }

    public FleetApi api() {
        Map<String, String> env = System.getenv();
        String key = env.getOrDefault("FLEET_API_KEY", "");
        return new FleetApi(url(), key.isEmpty() ? home().knownApiKey() : key);
    }

    /** FLEET_URL, else where this machine's fleet listens or would. */
    public String url() {
        String told = System.getenv().getOrDefault("FLEET_URL", "");
        if (!told.isEmpty()) {
            return told.replaceFirst("/+$", "");
        }
        int port = home().service(Service.PRODUCER, 1).port();
        return "http://127.0.0.1:" + (port > 0 ? port : FleetSettings.ofProcess().port());
    }

    /** Whether standard error is a terminal, on which a line may be drawn again. */
    public boolean interactive() {
        return !json && System.console() != null && System.console().isTerminal();
    }

    public PrintWriter out() {
        return spec.commandLine().getOut();
    }

    public PrintWriter err() {
        return spec.commandLine().getErr();
    }

    public void progress(String line) {
        err().println("fleet: " + line);
    }

    /** The JSON, or what people read instead of it. */
    public void print(JsonNode json, String text) {
        out().println(this.json ? json.toString() : text);
    }

    public void print(Object json, String text) {
        out().println(this.json ? Json.write(json) : text);
    }
}
