package io.llmfleet.producer.deadletter;

import java.util.Locale;

/** What letters may be put together by. */
public enum GroupBy {
    CODE("code"),
    REASON("reason"),
    TYPE("type"),
    /** The model that tried last. */
    BACKEND("model"),
    /** The pool or queue that it failed in. */
    SOURCE("source"),
    TARGET("target"),
    /** The structure of the input, without its values. */
    SHAPE("shape"),
    TENANT("tenant");

    private final String column;

    GroupBy(String column) {
        this.column = column;
    }

    String column() {
        return column;
    }

    /** As it is said in a query. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
