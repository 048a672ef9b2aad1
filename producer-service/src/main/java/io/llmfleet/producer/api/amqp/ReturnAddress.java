package io.llmfleet.producer.api.amqp;

/**
 * What a client's {@code reply_to} says: {@code <address>}, or {@code <address>;zstd} of a client
 * that can read compressed results.
 *
 * @param address last part of the result's routing key
 */
record ReturnAddress(String address, boolean takesCompressed) {

    private static final String COMPRESSED = ";zstd";

    static ReturnAddress of(String replyTo) {
        boolean compressed = replyTo.endsWith(COMPRESSED);
        int length = replyTo.length() - (compressed ? COMPRESSED.length() : 0);
        return new ReturnAddress(replyTo.substring(0, length), compressed);
    }
}
