package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The URL of a broker's management API, through which passwords go: where the broker's own
 * connections are encrypted, it is, too.
 */
final class ManagementUrl {

    static final String VARIABLE = "RABBITMQ_MANAGEMENT_URL";

    private static final Pattern FORM = Pattern.compile("(https?)://([^/@?#]+)(/[^?#]*)?");

    /** The JDK's HTTP client knows no such host. */
    private static final Pattern UNDERSCORE =
            Pattern.compile("(http://)([A-Za-z0-9.-]*_[A-Za-z0-9._-]*)((:[0-9]+)?(/.*)?)");

    private ManagementUrl() {}

    /**
     * Without slashes at their ends.
     *
     * @param given of several nodes one each, separated by commas
     * @param encrypted whether the broker's own connections are
     * @throws FleetException if it is no such URL
     */
    static String require(String given, boolean encrypted) {
        return Arrays.stream(given.split(",", -1))
                .map(url -> requireOne(url, encrypted))
                .collect(Collectors.joining(","));
    }

    private static String requireOne(String given, boolean encrypted) {
        String url = given.strip().replaceFirst("/+$", "");
        Matcher form = FORM.matcher(url);
        if (!form.matches()) {
            // Not quoted: there may be a password in it.
            throw refused(
                    "is not of the form http:// or https://host:port; of several nodes one each,"
                            + " separated by commas");
        }
        boolean plain = form.group(1).equals("http");
        if (plain && encrypted) {
            throw refused(
                    "is http://, which is not encrypted, but the broker's URI is amqps://;"
                            + " accepted: https://");
        }
        if (!plain && form.group(2).contains("_")) {
            throw refused(
                    "has an underscore in its host, and no certificate can be for such a name");
        }
        return url;
    }

    /** With an address in place of a host whose name has an underscore. */
    static URI uri(String url) throws UnknownHostException {
        Matcher found = UNDERSCORE.matcher(url);
        if (!found.matches()) {
            return URI.create(url);
        }
        String address = InetAddress.getByName(found.group(2)).getHostAddress();
        String host = address.contains(":") ? "[" + address + "]" : address;
        return URI.create(found.group(1) + host + found.group(3));
    }

    private static FleetException refused(String why) {
        return new FleetException(FleetException.USAGE, VARIABLE + " " + why, null);
    }
}
