package io.llmfleet.producer.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.254",
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "192.0.0.8",
                "192.0.2.1",
                "198.18.0.1",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "255.255.255.255",
                "2130706433",
                "127.1",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b:1::1",
                "2002:7f00:1::",
                "2002:a00:1::1",
                "2001::1",
                "2001:db8::1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd12:3456::1",
                "ff02::1",
                "100::1"
            })
    void noWebhookGoesThere(String address) throws UnknownHostException {
        assertThat(AddressPolicy.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.169.0.1",
                "223.255.255.255",
                "2606:4700::1111",
                "2002:101:101::1",
                "64:ff9b::101:101"
            })
    void everybodyCanBeReachedThere(String address) throws UnknownHostException {
        assertThat(AddressPolicy.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void aNameWithOneForbiddenAddressIsForbidden() {
        assertThatThrownBy(() -> checked(List.of(), "1.1.1.1,10.0.0.1").resolve("mixed.example"))
                .isInstanceOf(CheckedAddresses.ForbiddenAddressException.class);
    }

    @Test
    void aNameThatRebindsIsCheckedAtEachResolution() throws UnknownHostException {
        CheckedAddresses addresses = checked(List.of(), "1.1.1.1", "127.0.0.1");

        assertThat(addresses.resolve("rebinds.example")).hasSize(1);
        assertThatThrownBy(() -> addresses.resolve("rebinds.example"))
                .isInstanceOf(CheckedAddresses.ForbiddenAddressException.class);
    }

    @Test
    void anAllowedHostMayBeAnywhere() throws UnknownHostException {
        assertThat(checked(List.of("Hooks.internal:8080"), "10.0.0.1").resolve("hooks.internal"))
                .hasSize(1);
    }

    private static CheckedAddresses checked(List<String> allowed, String... answers) {
        Queue<String> next = new ArrayDeque<>(List.of(answers));
        DnsResolver resolver =
                new DnsResolver() {
                    @Override
                    public InetAddress[] resolve(String host) throws UnknownHostException {
                        String[] addresses = next.remove().split(",");
                        InetAddress[] all = new InetAddress[addresses.length];
                        for (int i = 0; i < all.length; i++) {
                            all[i] = InetAddress.getByName(addresses[i]);
                        }
                        return all;
                    }

                    @Override
                    public String resolveCanonicalHostname(String host) {
                        return host;
                    }
                };
        return new CheckedAddresses(resolver, allowed);
    }
}
