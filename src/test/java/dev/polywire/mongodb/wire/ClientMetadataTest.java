package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.TreeMap;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client document, and what is left out when it is over 512 bytes. */
class ClientMetadataTest {

    private static final Map<String, String> OS = new TreeMap<>(Map.of("type", "Linux", "version", "6.1"));

    @Test
    void whole() {
        ClientMetadata client = new ClientMetadata("app", "polywire", "1", OS, "Java 17", Map.of("name", "aws.lambda"));
        assertEquals(
                BsonDocument.parse(
                        "{application: {name: 'app'}, driver: {name: 'polywire', version: '1'}, os: {type: 'Linux',"
                                + " version: '6.1'}, platform: 'Java 17', env: {name: 'aws.lambda'}}"),
                Documents.parsed(client.document()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // bytes of: env.region | os.version | env.name | platform || what is left
                "400 | 50 | 10 | 50 | os.version env.name platform",
                "10 | 500 | 10 | 50 | env.name platform",
                "10 | 10 | 450 | 50 | platform",
                "10 | 10 | 450 | 500 | platform",
            })
    void leftOutInOrder(int region, int version, int name, int platform, String left) {
        ClientMetadata client = new ClientMetadata(
                "a".repeat(100),
                "polywire",
                "1",
                Map.of("type", "Linux", "version", "v".repeat(version)),
                "é".repeat(platform / 2),
                Map.of("name", "n".repeat(name), "region", "r".repeat(region)));
        Buffer document = client.document();
        assertTrue(document.length() <= 512, () -> document.length() + " bytes");
        BsonDocument parsed = Documents.parsed(document);
        StringBuilder found = new StringBuilder();
        if (parsed.getDocument("os").containsKey("version")) {
            found.append("os.version ");
        }
        if (parsed.containsKey("env")) {
            parsed.getDocument("env")
                    .keySet()
                    .forEach(key -> found.append("env.").append(key).append(' '));
        }
        found.append(parsed.containsKey("platform") ? "platform" : "");
        assertEquals(left, found.toString().trim());
        assertTrue("é".repeat(300).startsWith(parsed.getString("platform").getValue()));
    }

    @Test
    void largestRequiredFieldsFit() {
        String most = "x".repeat(64);
        ClientMetadata client =
                new ClientMetadata("a".repeat(128), most, most, Map.of("type", most), "p".repeat(9_000), Map.of());
        assertTrue(client.document().length() <= 512);
    }

    @Test
    void namesHaveALimit() {
        assertEquals(
                "application name: 129 bytes (expected: <= 128)",
                assertThrows(IllegalArgumentException.class, () -> new ClientMetadata("a".repeat(129), "1"))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new ClientMetadata("é".repeat(65), "1"));
        assertThrows(IllegalArgumentException.class, () -> new ClientMetadata(null, "1".repeat(65)));
    }
}
