package io.llmfleet.producer.task;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Says which texts may be the address of a webhook. */
public final class WebAddress {

    /** What is accepted, for messages. */
    public static final String ACCEPTED = "an http or https URL of at most 2000 characters";

    private static final int LONGEST = 2_000;

    private WebAddress() {}

    public static boolean isAccepted(String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            return text.length() <= LONGEST
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && (scheme.equals("http") || scheme.equals("https"));
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
