package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the addresses may lie that peers name. */
class AllowedNetworksTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,        10.255.1.2,           true",
        "10.0.0.0/8,        11.0.0.0,             false",
        "10.0.0.0/8,        ::ffff:10.1.1.1,      true",
        "10.0.0.0/8,        a00::,                false",
        "192.168.16.0/20,   192.168.31.255,       true",
        "192.168.16.0/20,   192.168.32.0,         false",
        "192.168.1.7,       192.168.1.7,          true",
        "192.168.1.7,       192.168.1.6,          false",
        "0.0.0.0/0,         127.0.0.1,            true",
        "0.0.0.0/0,         ::1,                  false",
        "fd00::/8,          fdff::1,              true",
        "fd00::/8,          fe00::1,              false",
        "::1,               ::1,                  true",
    })
    void networks(String network, String address, boolean allowed) throws UnknownHostException {
        AllowedNetworks networks = AllowedNetworks.of(List.of("172.16.0.1", network));
        assertEquals(allowed, networks.allows(InetAddress.getByName(address)));
        assertEquals(allowed, networks.allowsHost(address));
    }

    /** They are looked up first. */
    @Test
    void namesAreNoAddresses() throws UnknownHostException {
        AllowedNetworks networks = AllowedNetworks.of(List.of("10.0.0.0/8"));
        assertTrue(networks.allowsHost("localhost"));
        InetAddress one = InetAddress.getByName("10.0.0.1");
        assertEquals(List.of(one), networks.of(List.of(InetAddress.getByName("127.0.0.1"), one), "h"));
        assertThrows(UnknownHostException.class, () -> networks.of(List.of(InetAddress.getByName("127.0.0.1")), "h"));
        assertTrue(AllowedNetworks.ALL.allows(one));
        assertThrows(
                UnknownHostException.class, () -> AllowedNetworks.of(List.of()).of(List.of(one), "h"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.1/8", "localhost", "10.0/8", "fd00::/129"
            })
    void whatIsNoNetwork(String text) {
        assertThrows(IllegalArgumentException.class, () -> AllowedNetworks.of(List.of(text)));
    }

    /** An address, and a name whose addresses are elsewhere. */
    @Test
    void nothingElseIsDialled() {
        Vertx vertx = Vertx.vertx();
        try {
            for (String host : List.of("127.0.0.1", "localhost")) {
                HttpGet http = new HttpGet(
                        vertx,
                        EndpointOptions.of(host, 1),
                        HttpLimits.DEFAULT,
                        AllowedNetworks.of(List.of("10.0.0.0/8")));
                CallException refused = (CallException)
                        Outcome.failure(Outcome.on(vertx, () -> Future.succeededFuture(http.get("/", 5_000))));
                assertEquals(CallException.Reason.UNAVAILABLE, refused.reason());
                assertTrue(refused.getMessage().contains("allowed network"), refused::getMessage);
            }
        } finally {
            Outcome.value(vertx.close());
        }
    }
}
