package io.llmfleet.producer.deadletter;

import java.util.regex.Pattern;

/** Finds what messages of the same failure have in common: ids, numbers and quotations differ. */
final class ReasonPolicy {

    private static final int LONGEST = 160;
    private static final Pattern ID =
            Pattern.compile("\\b\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}\\b");
    private static final Pattern QUOTED = Pattern.compile("'[^']{1,200}'|\"[^\"]{1,200}\"");
    private static final Pattern NUMBER = Pattern.compile("\\d+([.,:]\\d+)*");

    private ReasonPolicy() {}

    static String of(String message) {
        String common = ID.matcher(message).replaceAll("#");
        common = QUOTED.matcher(common).replaceAll("'…'");
        common = NUMBER.matcher(common).replaceAll("#").strip();
        return common.length() <= LONGEST ? common : common.substring(0, LONGEST - 1) + "…";
    }
}
