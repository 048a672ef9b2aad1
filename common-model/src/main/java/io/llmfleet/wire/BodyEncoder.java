package io.llmfleet.wire;

/** Decides how JSON travels: compressed if it is large enough and gets smaller by it. */
public final class BodyEncoder {

    /** Makes of a body of 5 KB two fifths; higher levels take twice the time for a part of that. */
    private static final int LEVEL = 3;

    /** Of the size that most bodies have. */
    public static final int ABOVE = 1024;

    private final int above;

    /**
     * @param above the largest JSON that stays as it is, in bytes
     * @throws IllegalStateException if no body could be compressed or inflated here
     */
    public BodyEncoder(int above) {
        Zstandard.load();
        this.above = above;
    }

    /** Leaves all JSON as it is. */
    public static BodyEncoder plain() {
        return new BodyEncoder(Integer.MAX_VALUE);
    }

    public WireBody encode(byte[] json) {
        if (json.length <= above) {
            return WireBody.json(json);
        }
        byte[] small = Zstandard.deflate(json, LEVEL);
        return small.length < json.length
                ? new WireBody(small, Zstandard.NAME)
                : WireBody.json(json);
    }
}
