package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a command says about its cursor. */
class CursorKindTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {find: 'c'}                                                      ; ORDINARY
            {find: 'c', tailable: false, awaitData: true}                    ; ORDINARY
            {find: 'c', awaitData: true}                                     ; ORDINARY
            {find: 'c', filter: {tailable: true}}                            ; ORDINARY
            {find: 'c', tailable: null}                                      ; ORDINARY
            {find: 'c', tailable: true}                                      ; TAILABLE
            {find: 'c', awaitData: false, tailable: 1.0}                     ; TAILABLE
            {find: 'c', tailable: 1}                                         ; TAILABLE
            {find: 'c', tailable: 0, awaitData: 1}                           ; ORDINARY
            {find: 'c', awaitData: true, tailable: true}                     ; WAITING
            {find: 'c', tailable: {$numberLong: '1'}, awaitData: 1}          ; WAITING
            {aggregate: 'c', pipeline: []}                                   ; ORDINARY
            {aggregate: 'c', tailable: true, awaitData: true, pipeline: []}  ; ORDINARY
            {aggregate: 1, pipeline: [{$changeStream: {}}]}                  ; WAITING
            {aggregate: 1, pipeline: [{$changeStream: {}}, {$match: {}}]}    ; WAITING
            {aggregate: 1, pipeline: [{$match: {}}, {$changeStream: {}}]}    ; ORDINARY
            {aggregate: 1, pipeline: ['$changeStream']}                      ; ORDINARY
            {aggregate: 1}                                                   ; ORDINARY
            {listCollections: 1, tailable: true, awaitData: true}            ; ORDINARY
            """)
    void of(String command, CursorKind kind) {
        assertEquals(kind, CursorKind.of(Documents.bson(command)));
    }
}
