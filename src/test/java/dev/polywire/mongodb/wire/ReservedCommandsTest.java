package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReservedCommandsTest {

    private static OpQuery query(int flags, String collection, String query) {
        return new OpQuery(flags, collection, 0, -1, Documents.bson(query), null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {saslStart: 1, mechanism: 'PLAIN'}           ; saslStart
            {saslContinue: 1}                            ; saslContinue
            {SASLSTART: 1}                               ; SASLSTART
            {saslSomething: 1}                           ; saslSomething
            {authenticate: 1}                            ; authenticate
            {logout: 1}                                  ; logout
            {getnonce: 1}                                ; getnonce
            {copydb: 1}                                  ; copydb
            {copydbgetnonce: 1}                          ; copydbgetnonce
            {copydbSaslStart: 1}                         ; copydbSaslStart
            {hello: 1, client: {}}                       ; hello with client
            {hello: 1, compression: []}                  ; hello with compression
            {hello: 1, saslSupportedMechs: 'a.b'}        ; hello with saslSupportedMechs
            {isMaster: 1, speculativeAuthenticate: {}}   ; isMaster with speculativeAuthenticate
            {ismaster: 1, comment: 1, loadBalanced: true} ; ismaster with loadBalanced
            {hello: 1, backpressure: '2'}                ; hello with backpressure
            {hello: 1, topologyVersion: {}}              ; hello with topologyVersion
            {hello: 1, $db: 'a', maxAwaitTimeMS: 1}      ; hello with maxAwaitTimeMS
            {hello: 1, isMaster: 1}                      ; hello with isMaster
            """)
    void refused(String command, String what) {
        String complaint = ReservedCommands.complaint(Documents.bson(command));
        assertNotNull(complaint);
        assertEquals("command: " + what, complaint.substring(0, complaint.indexOf(" (expected: ")));
        assertEquals(complaint, ReservedCommands.complaint(new OpMsg(Documents.bson(command))));
        assertEquals(complaint, ReservedCommands.complaint(query(0, "admin.$cmd", command)));
        String wrapped = "{$query: " + command + ", $readPreference: {mode: 'nearest'}}";
        assertEquals(complaint, ReservedCommands.complaint(query(4, "admin.$cmd", wrapped)));
        assertEquals(complaint, ReservedCommands.complaint(query(4, "a.$cmd", "{query: {$query: " + command + "}}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{find: 'c', filter: {saslStart: 1}}",
                "{insert: 'logout', documents: []}",
                "{hello: 1}",
                "{hello: 1, $db: 'admin', comment: 'client', maxTimeMS: 1, helloOk: true}",
                "{isMaster: 1, apiVersion: '1', apiStrict: true, apiDeprecationErrors: true, lsid: {}}",
                "{createUser: 'u'}",
                "{ping: 1, client: {}}",
                "{}"
            })
    void permitted(String command) {
        assertNull(ReservedCommands.complaint(Documents.bson(command)));
        assertNull(ReservedCommands.complaint(new OpMsg(OpMsg.MORE_TO_COME, Documents.bson(command), List.of())));
        assertNull(ReservedCommands.complaint(query(4, "admin.$cmd", command)));
        assertNull(ReservedCommands.complaint(query(4, "admin.$cmd", "{$query: " + command + "}")));
    }

    /** In a collection it is a document to look for. */
    @Test
    void aQueryOfACollectionIsNoCommand() {
        assertNull(ReservedCommands.complaint(query(0, "a.b", "{saslStart: 1}")));
        assertNull(ReservedCommands.complaint(query(0, "a.b", "{$query: 7}")));
    }

    @Test
    void exhaust() {
        assertEquals(
                "exhaustAllowed: set (expected: not, the connection is also that of others)",
                ReservedCommands.complaint(
                        new OpMsg(OpMsg.EXHAUST_ALLOWED, Documents.bson("{getMore: {$numberLong: '1'}}"), List.of())));
        assertEquals(
                "Exhaust: set (expected: not, the connection is also that of others)",
                ReservedCommands.complaint(query(1 << 6 | 4, "a.b", "{}")));
    }

    @Test
    void aLongNameIsCut() {
        String complaint = ReservedCommands.complaint(Documents.bson("{sasl" + "x".repeat(500) + ": 1}"));
        assertNotNull(complaint);
        assertEquals("command: sasl" + "x".repeat(60) + " (", complaint.substring(0, 75));
    }
}
