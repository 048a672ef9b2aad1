package io.llmfleet.model;

import java.util.regex.Pattern;

/** What users, types, pools and models may be called. */
public final class Names {

    /** Users, types, pools, tenants. */
    public static final Pattern WORD = Pattern.compile("[a-z0-9-]{1,40}");

    /** Targets: a pool, a model (which may have dots, slashes and colons) or {@code any}. */
    public static final Pattern TARGET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,99}");

    /** The target that leaves the choice to the router. */
    public static final String ANY = "any";

    private Names() {}

    /**
     * @param what the property that has the name, for the message
     * @throws IllegalArgumentException naming what is accepted
     */
    public static String requireWord(String what, String name) {
        if (!WORD.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    what + " '" + name + "' must match " + WORD.pattern());
        }
        return name;
    }
}
