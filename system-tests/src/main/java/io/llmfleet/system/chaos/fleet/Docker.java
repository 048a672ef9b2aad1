package io.llmfleet.system.chaos.fleet;

import io.llmfleet.cli.FleetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Docker's command line. */
final class Docker {

    private Docker() {}

    /** For tidying up: what fails was not there. */
    static void quietly(String... arguments) {
        try {
            run(arguments);
        } catch (FleetException e) {
            // there is nothing to tidy up
        }
    }

    /**
     * @return what it printed
     * @throws FleetException with Docker's words if it fails
     */
    static String run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new FleetException(
                        "docker " + String.join(" ", arguments) + ": " + said.strip());
            }
            return said;
        } catch (IOException e) {
            throw new FleetException("Docker does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }
}
