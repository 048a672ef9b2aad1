package io.llmfleet.cli;

import io.llmfleet.cli.command.BackupCommand;
import io.llmfleet.cli.command.CancelCommand;
import io.llmfleet.cli.command.CapacityCommand;
import io.llmfleet.cli.command.ClientCommand;
import io.llmfleet.cli.command.ConversationsCommand;
import io.llmfleet.cli.command.DeadCommand;
import io.llmfleet.cli.command.DeleteCommand;
import io.llmfleet.cli.command.DemoCommand;
import io.llmfleet.cli.command.DownCommand;
import io.llmfleet.cli.command.FollowCommand;
import io.llmfleet.cli.command.GetCommand;
import io.llmfleet.cli.command.KeyCommand;
import io.llmfleet.cli.command.ListCommand;
import io.llmfleet.cli.command.LogsCommand;
import io.llmfleet.cli.command.PipelineCommand;
import io.llmfleet.cli.command.PrepareCommand;
import io.llmfleet.cli.command.RestoreCommand;
import io.llmfleet.cli.command.StatusCommand;
import io.llmfleet.cli.command.SubmitCommand;
import io.llmfleet.cli.command.TestCommand;
import io.llmfleet.cli.command.TopologyCommand;
import io.llmfleet.cli.command.UpCommand;
import io.llmfleet.cli.command.UsageCommand;
import io.llmfleet.cli.command.WebhooksCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code fleet} command: its subcommands, and how every error ends. */
@Command(
        name = "fleet",
        mixinStandardHelpOptions = true,
        version = "LLM Fleet 0.1.0",
        description = "Durable message passing for LLM work on RabbitMQ.",
        subcommands = {
            UpCommand.class,
            PrepareCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            DemoCommand.class,
            SubmitCommand.class,
            GetCommand.class,
            ListCommand.class,
            FollowCommand.class,
            CancelCommand.class,
            DeleteCommand.class,
            ConversationsCommand.class,
            PipelineCommand.class,
            DeadCommand.class,
            UsageCommand.class,
            CapacityCommand.class,
            WebhooksCommand.class,
            KeyCommand.class,
            ClientCommand.class,
            TopologyCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            TestCommand.class
        },
        footer = {
            "",
            "Environment:",
            "  FLEET_URL       of the fleet's API (http://127.0.0.1:8080)",
            "  FLEET_API_KEY   instead of the one in .fleet/api-key",
            "  FLEET_HOME      folder of the local fleet (.fleet)",
            "  FLEET_PORT      port of the local fleet's API (8080)",
            "  RABBITMQ_URI, RABBITMQ_MANAGEMENT_URL             a broker of your own; nodes separated by commas",
            "  FLEET_BROKER_CA                                   who signed its certificate (PEM), for amqps",
            "  FLEET_DB_URL, FLEET_DB_USER, FLEET_DB_PASSWORD    a PostgreSQL of your own",
            "  LLM_BASE_URL, LLM_API_KEY, LLM_MODEL              an OpenAI-compatible backend",
            "",
            "./fleet bench and ./fleet chaos measure and break a fleet of their own.",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the fleet or its broker is not reachable."
        })
public final class FleetCli implements Runnable {

    @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Everything that {@code main} does but ending the process. */
    static int run(String... args) {
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        var line =
                new CommandLine(new FleetCli())
                        .setOut(out)
                        .setErr(err)
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setParameterExceptionHandler(FleetCli::usage)
                        .setExecutionExceptionHandler(FleetCli::explain);
        int code = line.execute(args);
        out.flush();
        return code;
    }

    /** One line that says what is wrong and where to read what is right. */
    private static int usage(CommandLine.ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String guess =
                e instanceof CommandLine.UnmatchedArgumentException unmatched
                                && !unmatched.getSuggestions().isEmpty()
                        ? "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?"
                        : "";
        command.getErr()
                .println(
                        "fleet: "
                                + e.getMessage()
                                + guess
                                + " (see ./"
                                + command.getCommandSpec().qualifiedName()
                                + " --help)");
        return FleetException.USAGE;
    }

    /** One line; the stack trace of what nobody expected only on demand. */
    private static int explain(
            Exception e, CommandLine command, CommandLine.ParseResult parseResult) {
        if (System.getenv("FLEET_DEBUG") != null) {
            e.printStackTrace(command.getErr());
        }
        if (e instanceof FleetException expected) {
            command.getErr().println("fleet: " + expected.getMessage());
            return expected.exitCode();
        }
        command.getErr().println("fleet: unexpected: " + e + " (FLEET_DEBUG=1 shows where)");
        return FleetException.FAILED;
    }
}
