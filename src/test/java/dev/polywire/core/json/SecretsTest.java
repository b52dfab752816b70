package dev.polywire.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {

    @TempDir
    Path directory;

    private final List<String> complaints = new ArrayList<>();

    private Secrets secrets(Map<String, String> environment) {
        return new Secrets(environment, complaint -> complaints.add(message(complaint)));
    }

    private static String message(FieldException complaint) {
        return complaint.getMessage();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "secret | secret",
                "secret~ | secret",
                "secret^~ | secret",
                "secret~~ | secret~",
                "secret^ | secret^"
            })
    void oneNewlineAtTheEndOfAFileIsCut(String content, String secret) throws IOException {
        Path file = Files.writeString(
                directory.resolve("s"), content.replace('~', '\n').replace('^', '\r'));
        JsonObject json = new JsonObject().put("a", new JsonObject().put("file", file.toString()));
        assertEquals(
                secret.replace('~', '\n').replace('^', '\r'),
                secrets(Map.of()).resolve(json).getString("a"));
        assertEquals(List.of(), complaints);
    }

    @Test
    void aFileIsBoundedAndText() throws IOException {
        Path large = Files.writeString(directory.resolve("large"), "x".repeat(Secrets.MAX_FILE_BYTES + 1));
        Path fits = Files.writeString(directory.resolve("fits"), "x".repeat(Secrets.MAX_FILE_BYTES));
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        Path empty = Files.writeString(directory.resolve("empty"), "\n");
        JsonObject json = new JsonObject();
        for (Path file : List.of(large, fits, binary, empty)) {
            json.put(file.getFileName().toString(), new JsonObject().put("file", file.toString()));
        }
        secrets(Map.of()).resolve(json);
        String unreadable = ": the file cannot be read (expected: UTF-8 text, at most 65536 bytes, at ";
        assertEquals(
                List.of(
                        "large" + unreadable + large + ")",
                        "binary" + unreadable + binary + ")",
                        "empty: the file is empty (expected: a secret)"),
                complaints);
    }

    @Test
    void aVariableMustBeThere() {
        secrets(Map.of("EMPTY", ""))
                .resolve(new JsonObject("{\"a\":[{\"b\":{\"env\":\"NONE\"}},{\"b\":{\"env\":\"EMPTY\"}}]}"));
        assertEquals(
                List.of(
                        "a[0].b: the environment has no NONE (expected: a variable that is not empty)",
                        "a[1].b: the environment has no EMPTY (expected: a variable that is not empty)"),
                complaints);
    }

    /** Only an object of one field, which is text, is a reference. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{'env':'A','file':'b'}", "{'env':1}", "{'env':'A','x':1}", "{'file':{}}", "{}"})
    void otherObjectsAreObjects(String object) {
        JsonObject json = new JsonObject().put("a", new JsonObject(object.replace('\'', '"')));
        assertEquals(json, secrets(Map.of("A", "secret")).resolve(json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':{'env':'A'}}                      | {'a':'***'}",
                "{'a':[{'b':{'env':'A'}},'x']}          | {'a':[{'b':'***'},'x']}",
                "{'password':'plain','user':'u'}        | {'password':'***','user':'u'}",
                "{'tokens':['one','two']}               | {'tokens':['***','***']}",
                "{'clientSecret':'s','maxTokens':5}     | {'clientSecret':'***','maxTokens':5}",
                "{'uri':'amqp://me:canary-7f3a@host/'}      | {'uri':'***'}",
                "{'uri':'amqp://host/','key':'k.pem'}   | {'uri':'amqp://host/','key':'k.pem'}",
                "{'a':null,'b':true}                    | {'a':null,'b':true}",
            })
    void aDumpHidesThem(String json, String shown) {
        Secrets secrets = secrets(Map.of("A", "canary-7f3a"));
        JsonObject resolved = secrets.resolve(new JsonObject(json.replace('\'', '"')));
        assertEquals(shown.replace('\'', '"'), secrets.masked(resolved).encode());
    }

    @Test
    void aDocumentIsReadWhole() {
        JsonObject json = new JsonObject(
                "{'port':{'env':'P'},'password':{'env':'NONE'},'user':{'env':'U'},'token':5,'prt':{'env':'U'},'tokn':{}}"
                        .replace('\'', '"'));
        FieldException all = assertThrows(
                FieldException.class,
                () -> Secrets.whole(json, Map.of("P", "70000", "U", "canary-7f3a"), fields -> {
                    fields.int32("port", 0, 65_535);
                    fields.text("password");
                    fields.int32("user", 0, 1);
                    fields.text("token");
                    fields.done();
                    return fields;
                }));
        assertEquals(
                "password: the environment has no NONE (expected: a variable that is not empty)\n"
                        + "port: *** (expected: 0 to 65535)\n"
                        + "user: *** (expected: 0 to 1)\n"
                        + "token: 5 (expected: a string)\n"
                        + "prt: unknown field (expected: one of [password, port, token, user])\n"
                        + "tokn: unknown field (expected: one of [password, port, token, user])",
                all.getMessage());
        assertEquals(
                "canary-7f3a",
                Secrets.whole(
                        new JsonObject("{\"user\":{\"env\":\"U\"}}"),
                        Map.of("U", "canary-7f3a"),
                        fields -> fields.text("user")));
    }

    @Test
    void textHidesThemInEachForm() {
        Secrets secrets = secrets(Map.of("A", "say \"hunter\"", "B", "say \"hunter\" twice", "C", "abc"));
        secrets.resolve(new JsonObject("{\"a\":{\"env\":\"A\"},\"b\":{\"env\":\"B\"},\"c\":{\"env\":\"C\"}}"));
        assertEquals("a *** b", secrets.redact("a say \"hunter\" b"));
        assertEquals(
                "{\"x\":\"***\"}",
                secrets.redact(new JsonObject().put("x", "say \"hunter\" twice").encode()));
        assertEquals(
                "abc is too short to be hidden in words", secrets.redact("abc is too short to be hidden in words"));
    }
}
