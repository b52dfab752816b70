package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4013, with its examples. Characters as hexadecimal code points, since an editor might prepare them, too. */
class SaslPrepTest {

    private static String text(String codePoints) {
        StringBuilder text = new StringBuilder();
        for (String each :
                codePoints.isBlank() ? new String[0] : codePoints.trim().split(" ")) {
            text.appendCodePoint(HexFormat.fromHexDigits(each));
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "0049 00AD 0058, 0049 0058",
        "0075 0073 0065 0072, 0075 0073 0065 0072",
        "0055 0053 0045 0052, 0055 0053 0045 0052",
        "00AA, 0061",
        "2168, 0049 0058",
        "00A0 3000, 0020 0020",
        "0061 200D 0062, 0061 0062",
        "0065 0301, 00E9",
        "0627 0031 0628, 0627 0031 0628",
        "0627 0628, 0627 0628",
        "1F600, 1F600",
        "00AD, ''",
        "'', ''",
    })
    void prepared(String given, String prepared) {
        assertEquals(text(prepared), SaslPrep.prepared("password", text(given)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0007",
                "0061 007F",
                "00E9 0085",
                "0627 0031",
                "0627 0061 0628",
                "0031 0627",
                "E000",
                "FFFE",
                "1FFFF",
                "FDD0",
                "FFFD",
                "200E",
                "202A",
                "2028",
                "2FF0",
                "06DD",
                "E0001",
                "D800",
                "1D173"
            })
    void prohibited(String given) {
        String said = assertThrows(
                        IllegalArgumentException.class, () -> SaslPrep.prepared("password", "canary" + text(given)))
                .getMessage();
        assertEquals("password: has ", said.substring(0, 14));
        assertFalse(said.contains("canary"));
    }

    @Test
    void rightToLeftOnItsOwnMustEndSo() {
        assertThrows(IllegalArgumentException.class, () -> SaslPrep.prepared("password", text("0627 0031")));
    }
}
