package io.llmfleet.choice;

/**
 * What is learned apart: tasks of one type and of about one size.
 *
 * @param bucket of the size in bytes, see {@link #of}
 */
public record Context(String type, int bucket) {

    private static final int SMALLEST = 10;
    private static final int LARGEST = 20;

    /** Each bucket is four times as wide as the one before: up to 1 KiB, 4, 16, ... 1 MiB, more. */
    public static Context of(String type, int size) {
        int bits = 32 - Integer.numberOfLeadingZeros(Math.max(0, size - 1));
        int bounded = Math.clamp(bits, SMALLEST, LARGEST + 2);
        return new Context(type, (bounded - SMALLEST + 1) / 2);
    }
}
