package io.llmfleet.producer.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Says which addresses a webhook may be sent to: only such as everybody on the internet can reach
 * (IANA special-purpose address registries), also where they are wrapped into IPv6.
 */
final class AddressPolicy {

    /** Bits that a block of addresses begins with. */
    private record Block(byte[] prefix, int bits) {

        static Block of(String text) {
            String[] parts = text.split("/");
            return new Block(bytes(parts[0]), Integer.parseInt(parts[1]));
        }

        boolean holds(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Block> SPECIAL =
            List.of(
                    Block.of("0.0.0.0/8"),
                    Block.of("10.0.0.0/8"),
                    Block.of("100.64.0.0/10"),
                    Block.of("127.0.0.0/8"),
                    Block.of("169.254.0.0/16"),
                    Block.of("172.16.0.0/12"),
                    Block.of("192.0.0.0/24"),
                    Block.of("192.0.2.0/24"),
                    Block.of("192.88.99.0/24"),
                    Block.of("192.168.0.0/16"),
                    Block.of("198.18.0.0/15"),
                    Block.of("198.51.100.0/24"),
                    Block.of("203.0.113.0/24"),
                    Block.of("224.0.0.0/4"),
                    Block.of("240.0.0.0/4"));

    /** What of IPv6 is for everybody. */
    private static final Block GLOBAL = Block.of("2000:0:0:0:0:0:0:0/3");

    private static final List<Block> SPECIAL_6 =
            List.of(Block.of("2001:0:0:0:0:0:0:0/23"), Block.of("2001:db8:0:0:0:0:0:0/32"));

    private static final Block SIX_TO_FOUR = Block.of("2002:0:0:0:0:0:0:0/16");
    private static final Block NAT64 = Block.of("64:ff9b:0:0:0:0:0:0/96");

    private AddressPolicy() {}

    static boolean isPublic(InetAddress address) {
        return address instanceof Inet4Address
                ? isPublic4(address.getAddress())
                : isPublic6(address.getAddress());
    }

    private static boolean isPublic4(byte[] address) {
        return SPECIAL.stream().noneMatch(block -> block.holds(address));
    }

    private static boolean isPublic6(byte[] address) {
        if (SIX_TO_FOUR.holds(address)) {
            return isPublic4(Arrays.copyOfRange(address, 2, 6));
        }
        if (NAT64.holds(address)) {
            return isPublic4(Arrays.copyOfRange(address, 12, 16));
        }
        return GLOBAL.holds(address) && SPECIAL_6.stream().noneMatch(b -> b.holds(address));
    }

    private static byte[] bytes(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
