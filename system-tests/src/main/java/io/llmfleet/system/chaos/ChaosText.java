package io.llmfleet.system.chaos;

import io.llmfleet.system.chaos.check.Counters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report for people. */
public final class ChaosText {

    private ChaosText() {}

    static String line(CaseReport report) {
        Counters c = report.counters();
        return String.format(
                Locale.ROOT,
                "%-5s %s in %.0f s: accepted %d, lost %d, duplicate effects %d",
                report.name(),
                report.held() ? "held" : "BROKEN " + report.broken(),
                report.seconds(),
                c.accepted(),
                c.lost(),
                c.duplicateEffects());
    }

    public static String of(ChaosReport report) {
        List<String> lines = new ArrayList<>();
        for (CaseReport c : report.cases()) {
            lines.add(String.format("%s  %s", c.name(), c.fault()));
            counters(c.counters(), lines);
            c.notes().forEach(n -> lines.add("    " + n));
            c.broken().forEach(b -> lines.add("    BROKEN: " + b));
        }
        long held = report.cases().stream().filter(CaseReport::held).count();
        lines.add("");
        lines.add(
                held
                        + " of "
                        + report.cases().size()
                        + " cases held (broker "
                        + report.broker()
                        + ", seed "
                        + report.seed()
                        + ")");
        return String.join("\n", lines);
    }

    private static void counters(Counters c, List<String> lines) {
        lines.add(
                String.format(
                        "    attempted %d, accepted %d, final %d, lost %d, unexpected %d",
                        c.attempted(), c.accepted(), c.finals(), c.lost(), c.unexpected()));
        lines.add(
                String.format(
                        "    duplicate messages %d, duplicate effects %d, parked %d, late-dropped %d,"
                                + " inversions %d, backend calls beyond one %d",
                        c.duplicateMessages(),
                        c.duplicateEffects(),
                        c.parked(),
                        c.lateDropped(),
                        c.inversions(),
                        c.callsBeyondOne()));
        lines.add(
                String.format(
                        "    kills: broker %d, services %d; connections cut %d; longest recovery %s",
                        c.brokerKills(),
                        c.serviceKills(),
                        c.connectionsCut(),
                        c.longestRecoveryMillis() == null
                                ? "-"
                                : String.format(
                                        Locale.ROOT,
                                        "%.1f s",
                                        c.longestRecoveryMillis() / 1000.0)));
    }
}
