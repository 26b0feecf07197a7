"""Drives the operations of ARI on a real Asterisk, each test as a program of a user would."""

from __future__ import annotations

import io
import math
import struct
import time
import wave
from pathlib import Path

import pytest
from asteriskpy import (
    AsteriskPy,
    BridgeCreated,
    BridgeDestroyed,
    CallBroadcast,
    CallClaimed,
    Channel,
    ChannelDestroyed,
    ChannelDtmfReceived,
    ChannelEnteredBridge,
    ChannelHold,
    ChannelLeftBridge,
    ChannelTransfer,
    ChannelUnhold,
    ChannelUserevent,
    ChannelVarset,
    Dial,
    IllegalStateException,
    NotFoundException,
    PlaybackFinished,
    PlaybackStarted,
    RecordingFinished,
    RecordingStarted,
    RequestRejectedException,
    StasisEnd,
    StasisStart,
    TextMessageReceived,
)
from replay.asterisk import Asterisk, require_asterisk

from tests.live.support import OPERATIONS, until

#: What cannot be carried out on the Asterisk of these tests, and why.
NOT_DRIVEN = {
    "events.eventWebsocket": "is no method of the library: connect() is it",
    **{
        f"mailboxes.{name}": "its module, res_ari_mailboxes, is not among Debian's"
        for name in ("list", "get", "update", "delete")
    },
}


def call(library: AsteriskPy, app: str, extension: str = "200") -> Channel:
    """An answered call to an extension, in the application."""
    channel = library.channels.originate(f"Local/{extension}@default", app=app)
    channel.wait_for(StasisStart, 10)
    return channel


# --- the server -------------------------------------------------------------------------------


def test_the_server_tells_of_itself(library: AsteriskPy, asterisk: Asterisk) -> None:
    assert library.asterisk.ping().ping == "pong"
    info = library.get_info()
    assert info.system
    assert info.build
    assert info.config
    assert info.status
    assert info.system.version.startswith(asterisk.version())
    assert info.build.kernel
    assert info.config.default_language == "en"
    assert info.status.startup_time.year >= 2024
    assert info.status.startup_time.tzinfo is not None

    part = library.asterisk.get_info(only=["build", "system"])
    assert part.build is not None
    assert part.status is None
    assert set(part.to_dict()) == {"build", "system"}
    status = library.asterisk.get_info(only="status").status
    assert status is not None
    assert status.last_reload_time >= info.status.startup_time


def test_global_variables_of_any_type_and_text(library: AsteriskPy) -> None:
    for value in ("blue", "a,b;c=d&e+f ü 世", "100%", " leading blank"):
        library.asterisk.set_global_var("COLOUR", value=value)
        assert library.asterisk.get_global_var("COLOUR").value == value
    library.asterisk.set_global_var("COLOUR")
    assert library.asterisk.get_global_var("COLOUR").value == ""


def test_modules(library: AsteriskPy) -> None:
    modules = library.asterisk.list_modules()
    assert len(modules) > 100
    assert "app_echo.so" in {module.name for module in modules}

    morse = library.asterisk.get_module("app_morsecode.so")
    assert morse.status == "Running"
    assert morse.support_level == "extended"
    morse.unload_module()
    assert "app_morsecode.so" not in {module.name for module in library.asterisk.list_modules()}
    morse.load_module()
    library.asterisk.reload_module("res_musiconhold.so")
    with pytest.raises(IllegalStateException):
        morse.load_module()


def test_log_channels(library: AsteriskPy, asterisk: Asterisk) -> None:
    library.asterisk.add_log("extra.log", "notice,warning,error")
    log = next(
        each for each in library.asterisk.list_log_channels() if each.channel.endswith("extra.log")
    )
    assert log.type == "File"
    assert log.status == "Enabled"
    library.asterisk.delete_log("extra.log")
    with pytest.raises(NotFoundException):
        library.asterisk.rotate_log("extra.log")
    library.asterisk.rotate_log("messages.log")
    assert list((asterisk.folder / "log").glob("messages.log.*"))


def test_configuration_objects(library: AsteriskPy) -> None:
    asterisk = library.asterisk
    aor = asterisk.update_object(
        "res_pjsip", "aor", "bob", fields=[{"attribute": "max_contacts", "value": "3"}]
    )
    assert {"max_contacts": "3"}.items() <= {each.attribute: each.value for each in aor}.items()
    asterisk.update_object(
        "res_pjsip",
        "endpoint",
        "bob",
        fields=[
            {"attribute": "aors", "value": "bob"},
            {"attribute": "disallow", "value": "all"},
            {"attribute": "allow", "value": "ulaw,alaw"},
        ],
    )
    settings = asterisk.get_object("res_pjsip", "endpoint", "bob")
    found = {each.attribute: each.value for each in settings}
    assert found["aors"] == "bob"
    assert found["allow"] == "(ulaw|alaw)"
    # What came from the server can be sent back as it is.
    changed = [each.to_dict() for each in settings if each.attribute == "allow"]
    asterisk.update_object("res_pjsip", "endpoint", "bob", fields=changed)
    assert library.get_endpoint("PJSIP/bob").state in ("offline", "unknown")
    asterisk.delete_object("res_pjsip", "endpoint", "bob")
    asterisk.delete_object("res_pjsip", "aor", "bob")
    with pytest.raises(NotFoundException):
        asterisk.get_object("res_pjsip", "endpoint", "bob")


def test_sounds(library: AsteriskPy) -> None:
    sounds = library.sounds.list(lang="en", format="gsm")
    assert len(sounds) > 100
    monkeys = library.sounds.get("tt-monkeys")
    assert monkeys in sounds
    assert ("en", "gsm") in {(each.language, each.format) for each in monkeys.formats}
    assert monkeys.get().text == monkeys.text


# --- devices, mailboxes, endpoints ------------------------------------------------------------


def test_device_states(library: AsteriskPy, app: str) -> None:
    library.applications.subscribe(app, event_source="deviceState:Stasis:lamp 1,ü")
    library.device_states.update("Stasis:lamp 1,ü", "INUSE")
    event = library.wait_for("DeviceStateChanged", 10)
    assert (event.device_state.name, event.device_state.state) == ("Stasis:lamp 1,ü", "INUSE")

    lamp = library.device_states.get("Stasis:lamp 1,ü")
    assert lamp.state == "INUSE"
    assert lamp in library.device_states.list()
    lamp.update("RINGING")
    assert lamp.wait_for("DeviceStateChanged", 10).device_state.state == "RINGING"
    assert lamp.get().state == "RINGING"
    lamp.delete()
    assert lamp not in library.device_states.list()


def test_mailboxes(library: AsteriskPy) -> None:
    if "res_ari_mailboxes.so" not in {each.name for each in library.asterisk.list_modules()}:
        # The server says so of whatever it has no module for.
        for operation in (
            library.mailboxes.list,
            lambda: library.mailboxes.get("100@office"),
            lambda: library.mailboxes.update("100@office", old_messages=2, new_messages=1),
            lambda: library.mailboxes.delete("100@office"),
        ):
            with pytest.raises(NotFoundException) as raised:
                operation()
            assert raised.value.message == "Resource not found"
        return
    library.mailboxes.update("100@office", old_messages=2, new_messages=1)
    box = library.mailboxes.get("100@office")
    assert (box.old_messages, box.new_messages) == (2, 1)
    box.update(old_messages=0, new_messages=7)
    assert [each.new_messages for each in library.mailboxes.list()] == [7]
    box.delete()
    with pytest.raises(NotFoundException):
        box.get()


def test_endpoints(library: AsteriskPy) -> None:
    by_name = {f"{each.technology}/{each.resource}" for each in library.get_endpoints()}
    assert {"PJSIP/loop", "PJSIP/alice"} <= by_name
    assert library.endpoints.list_by_tech("PJSIP")
    loop = library.get_endpoint("PJSIP/loop")
    assert loop == library.endpoints.get("PJSIP", "loop")
    assert loop.get().state == "online"
    assert loop.channel_ids == []


def test_text_messages(library: AsteriskPy, app: str) -> None:
    library.applications.subscribe(app, event_source="endpoint:PJSIP/loop")
    # The server's own SIP port is the endpoint's contact, so that what goes out comes back in.
    library.endpoints.send_message(
        to="pjsip:loop",
        from_="sip:bob@example.org",
        body="Hello, wörld",
        variables={"X-Colour": "blue", "X-Count": 3},
    )
    event = library.wait_for(TextMessageReceived, 10)
    assert event.message.body == "Hello, wörld"
    assert event.endpoint == library.get_endpoint("PJSIP/loop")
    assert event.message.variables is not None
    assert event.message.variables["X-Colour"] == "blue"
    assert event.message.variables["X-Count"] == "3"

    library.get_endpoint("PJSIP/loop").send_message_to_endpoint(
        from_="sip:bob@example.org", body="again"
    )
    assert library.wait_for(TextMessageReceived, 10).message.body == "again"


def test_a_referral_outside_a_call(library: AsteriskPy) -> None:
    library.endpoints.refer(to="pjsip:loop", from_="sip:bob@example.org", refer_to="sip:200@loop")
    library.get_endpoint("PJSIP/loop").refer_to_endpoint(
        from_="sip:bob@example.org", refer_to="sip:200@loop", to_self=True
    )


# --- calls ------------------------------------------------------------------------------------


def test_a_call_from_ringing_to_its_end(library: AsteriskPy, app: str) -> None:
    channel = library.channels.originate(
        "Local/200@default",
        app=app,
        app_args="first,second",
        caller_id='"Jürgen, Müller" <4930123>',
        timeout=20,
        variables={"TEXT": "a b", "NUMBER": 42, "RATIO": 0.5, "YES": True, "NO": False},
    )
    start = channel.wait_for(StasisStart, 10)
    assert start.args == ["first", "second"]
    assert start.channel == channel
    assert start.application == app
    assert start.timestamp.tzinfo is not None
    assert channel.get().state == "Up"
    assert channel in library.get_channels()
    assert channel in library.channels.list()
    assert library.get_channel(channel.id).name.startswith("Local/200@default")

    values = channel.get_channel_vars(["TEXT", "NUMBER", "RATIO", "YES", "NO"])
    assert values.variables == {
        "TEXT": "a b",
        "NUMBER": "42",
        "RATIO": "0.5",
        "YES": "true",
        "NO": "false",
    }
    channel.hangup(reason="busy")
    assert channel.wait_for(ChannelDestroyed, 10).cause == 17
    with pytest.raises(NotFoundException) as raised:
        channel.get()
    assert raised.value.status == 404


def test_a_call_with_an_id_of_its_own(library: AsteriskPy, app: str) -> None:
    channel = library.new_channel()
    heard: list[str] = []
    channel.add_event_handler("StasisStart", lambda event: heard.append(event.channel.id))
    channel.originate("Local/200@default", app=app)
    channel.wait_for(StasisStart, 10)
    until(lambda: heard == [channel.id])
    with pytest.raises(IllegalStateException) as raised:
        library.channels.originate("Local/200@default", app=app, channel_id=channel.id)
    assert raised.value.status == 409

    second = library.new_channel("second-" + channel.id)
    second.originate_with_id("Local/200@default", app=app)
    assert second.wait_for(StasisStart, 10).channel.id == "second-" + channel.id


def test_a_call_made_step_by_step(library: AsteriskPy, app: str) -> None:
    caller = call(library, app)
    channel = library.channels.create(
        "Local/201@default", app=app, app_args="prepared", variables={"DEPTH": 3}
    )
    assert channel.state == "Down"
    assert channel.wait_for(StasisStart, 10).args == ["prepared"]
    assert channel.get_channel_var("DEPTH").value == "3"
    channel.dial(caller=caller, timeout=30)
    while (dial := channel.wait_for(Dial, 10)).dialstatus != "RINGING":
        assert dial.peer == channel
    until(lambda: channel.get().state == "Ringing")
    channel.hangup()
    channel.wait_for(ChannelDestroyed, 10)


@pytest.mark.parametrize(
    "odd",
    ["a b", "50%/c", "PJSIP/x-1;2", "a+b", "x@y:z,w", "q?a=1&b=2#f", "ünï-世界", "..", "~!*'()"],
)
def test_ids_with_strange_characters(library: AsteriskPy, app: str, odd: str) -> None:
    channel = library.new_channel(f"{odd}-{app}")
    channel.originate("Local/200@default", app=app)
    channel.wait_for(StasisStart, 10)
    assert channel.get().id == f"{odd}-{app}"
    channel.set_channel_var("COLOUR", value="red")
    assert channel.get_channel_var("COLOUR").value == "red"
    bridge = library.new_bridge(f"bridge {odd}")
    bridge.create(type="mixing", name=odd)
    bridge.add_channel(channel)
    assert bridge.get().name == odd
    assert bridge.get().channels == [channel.id]
    bridge.destroy()
    channel.hangup()
    channel.wait_for(ChannelDestroyed, 10)


def test_an_incoming_call(library: AsteriskPy, app: str) -> None:
    outgoing = library.new_channel()
    outgoing.originate(f"Local/app_{app}@default", extension="200", context="default", priority=1)
    incoming = library.wait_for(StasisStart, 10)
    assert incoming.args == ["the first", "second"]
    channel = incoming.channel
    channel.ring()
    channel.ring_stop()
    channel.progress()
    channel.answer()
    until(lambda: channel.get().state == "Up")
    channel.continue_in_dialplan(context="default", extension="400", priority=1)
    channel.wait_for(StasisEnd, 10)
    until(lambda: channel.get().dialplan.exten == "400")
    with pytest.raises(IllegalStateException) as raised:
        channel.answer()
    assert raised.value.status == 409


def test_continue_at_a_label(library: AsteriskPy, app: str) -> None:
    channel = call(library, app)
    channel.continue_in_dialplan(context="default", extension="400", label="waiting")
    channel.wait_for(StasisEnd, 10)
    until(lambda: channel.get().dialplan.priority == 2)


def test_a_channel_moves_to_another_application(
    library: AsteriskPy, app: str, asterisk: Asterisk
) -> None:
    from tests.live.support import library_for

    with library_for(asterisk, f"{app}-other") as other:
        other.connect()
        channel = call(library, app)
        other.applications.get(f"{app}-other")
        channel.move(f"{app}-other", app_args="moved,here")
        assert channel.wait_for(StasisEnd, 10).application == app
        arrival = other.wait_for(StasisStart, 10)
        assert arrival.args == ["moved", "here"]
        assert arrival.channel == channel


def test_a_call_is_offered_and_claimed(library: AsteriskPy, app: str) -> None:
    library.channels.originate("Local/302@default", extension="200", context="default")
    offer = library.wait_for(CallBroadcast, 10)
    library.events.claim_channel(offer.channel, application=app)
    assert library.wait_for(CallClaimed, 10).channel == offer.channel
    assert library.wait_for(StasisStart, 10).channel == offer.channel
    with pytest.raises((NotFoundException, IllegalStateException)):
        library.events.claim_channel(offer.channel, application=app)


def test_redirect(library: AsteriskPy, app: str) -> None:
    library.channels.originate(f"PJSIP/app_{app}@loop", extension="200", context="default")
    incoming = library.wait_for(StasisStart, 10).channel
    incoming.redirect("PJSIP/200@loop")
    with pytest.raises(RequestRejectedException) as raised:
        incoming.redirect("Local/200@default")
    assert raised.value.status == 422


def test_the_progress_of_a_transfer(library: AsteriskPy, app: str) -> None:
    # The far end asks with a SIP REFER to be connected elsewhere, and the application decides.
    channel = library.channels.originate(
        "PJSIP/207@loop", app=app, variables={"PJSIP_TRANSFER_HANDLING()": "ari-only"}
    )
    channel.wait_for(StasisStart, 10)
    transfer = library.wait_for(ChannelTransfer, 10)
    assert transfer.referred_by.source_channel == channel
    channel.transfer_progress("channel_progress")
    channel.transfer_progress("channel_answered")


# --- what a channel can do --------------------------------------------------------------------


def test_digits_out_and_in(library: AsteriskPy, app: str) -> None:
    channel = call(library, app, "203")
    digits = [channel.wait_for(ChannelDtmfReceived, 10).digit for _ in range(5)]
    assert "".join(digits) == "1234#"
    far = library.get_channel(channel.id)
    far.send_dtmf(dtmf="19*#", before=10, between=50, duration=100, after=10)


def test_digits_from_one_application_to_another_end(library: AsteriskPy, app: str) -> None:
    library.channels.originate(f"PJSIP/app_{app}@loop", app=app)
    near = library.wait_for(StasisStart, 10).channel
    near.answer()
    far = library.wait_for(StasisStart, 10).channel
    near.send_dtmf(dtmf="5*", between=60, duration=120)
    assert [far.wait_for(ChannelDtmfReceived, 10).digit for _ in "5*"] == ["5", "*"]


def test_hold_mute_music_and_silence(library: AsteriskPy, app: str) -> None:
    channel = call(library, app)
    channel.mute()
    channel.unmute()
    channel.mute(direction="in")
    channel.unmute(direction="in")
    channel.hold()
    channel.unhold()
    channel.start_moh()
    channel.stop_moh()
    channel.start_moh(moh_class="default")
    channel.stop_moh()
    channel.start_silence()
    channel.stop_silence()
    assert channel.get().state == "Up"


def test_the_far_end_holds(library: AsteriskPy, app: str) -> None:
    library.channels.originate(f"PJSIP/app_{app}@holder", app=app)
    here = library.wait_for(StasisStart, 10).channel
    here.answer()
    there = library.wait_for(StasisStart, 10).channel
    until(lambda: here.get().state == "Up")
    there.hold()
    assert here.wait_for(ChannelHold, 10).channel == here
    there.unhold()
    assert here.wait_for(ChannelUnhold, 10).channel == here


def test_variables(library: AsteriskPy, app: str) -> None:
    channel = call(library, app)
    channel.set_channel_var("CITY", value="Köln, 1+1 & 50%")
    assert channel.get_channel_var("CITY").value == "Köln, 1+1 & 50%"
    assert channel.get_channel_var("CALLERID(num)").value == ""
    channel.set_channel_var("CALLERID(name)", value="Zoë")
    assert channel.get().caller.name == "Zoë"
    channel.set_channel_vars({"ONE": 1, "TWO": True, "THREE": "3,3"})
    values = channel.get_channel_vars(["ONE", "TWO", "THREE"]).variables
    assert values == {"ONE": "1", "TWO": "true", "THREE": "3,3"}
    # A comma in a name: the list goes as JSON.
    channel.set_channel_var("ARRAY(A,B)", value="x,y")
    assert channel.get_channel_vars(["A", "B", "CUT(CITY,\\,,1)"]).variables["CUT(CITY,\\,,1)"]
    with pytest.raises(NotFoundException):
        channel.get_channel_var("NEVER_SET")


def test_a_variable_that_is_reported(library: AsteriskPy, app: str) -> None:
    channel = call(library, app)
    channel.set_channel_var("WATCHED", value="yes", report_events=True)
    while (event := channel.wait_for(ChannelVarset, 10)).variable != "WATCHED":
        pass
    assert event.value == "yes"
    channel.set_channel_vars({"ALSO": {"value": "so", "report_events": True}, "PLAIN": 5})
    assert channel.get_channel_vars(["ALSO", "PLAIN"]).variables == {"ALSO": "so", "PLAIN": "5"}


def test_long_variables(library: AsteriskPy, app: str) -> None:
    channel = call(library, app)
    long = "0123456789" * 1000
    channel.set_channel_var("LONG", value=long)
    assert channel.get_channel_var("LONG").value == long
    channel.set_channel_vars({f"PART{number}": "x" * 900 for number in range(20)})
    assert channel.get_channel_var("PART19").value == "x" * 900


def test_rtp_statistics(library: AsteriskPy, app: str) -> None:
    channel = library.channels.originate("PJSIP/204@loop", app=app)
    channel.wait_for(StasisStart, 10)
    until(lambda: (channel.rtpstatistics().rxcount or 0) > 10)
    statistics = channel.rtpstatistics()
    assert statistics.channel_uniqueid == channel.id
    assert isinstance(statistics.local_ssrc, int)


def test_snooping(library: AsteriskPy, app: str) -> None:
    channel = call(library, app, "205")
    ear = channel.snoop_channel(app, spy="both", whisper="none", app_args="listening")
    assert ear.wait_for(StasisStart, 10).args == ["listening"]
    mouth = library.new_channel("whisperer-" + app)
    channel.snoop_channel_with_id(mouth, app=app, whisper="out")
    assert mouth.wait_for(StasisStart, 10).channel.id == "whisperer-" + app
    ear.hangup()
    mouth.hangup()
    ear.wait_for(StasisEnd, 10)


def test_external_media(library: AsteriskPy, app: str, asterisk: Asterisk) -> None:
    media = library.channels.external_media(
        app=app,
        external_host=f"127.0.0.1:{asterisk.media_port}",
        format="ulaw",
        encapsulation="rtp",
        transport="udp",
        variables={"PURPOSE": "speech"},
    )
    assert media.wait_for(StasisStart, 10).channel == media
    assert int(media.get_channel_var("UNICASTRTP_LOCAL_PORT").value) > 0
    assert media.get_channel_var("PURPOSE").value == "speech"


# --- playing and recording --------------------------------------------------------------------


def test_play_and_wait(library: AsteriskPy, app: str) -> None:
    channel = call(library, app)
    playback = channel.play(["sound:beep", "sound:digits/1"], lang="en")
    assert playback.wait_for(PlaybackStarted, 10).playback == playback
    assert playback.wait_for("PlaybackContinuing", 10).playback.next_media_uri == "sound:digits/1"
    assert playback.wait_for(PlaybackFinished, 10).playback.state == "done"
    with pytest.raises(NotFoundException):
        playback.get()


def test_control_a_playback(library: AsteriskPy, app: str) -> None:
    channel = call(library, app)
    playback = library.new_playback()
    channel.play_with_id(playback, media="sound:tt-monkeys", skipms=1000, offsetms=200)
    playback.wait_for(PlaybackStarted, 10)
    assert playback.get().state == "playing"
    playback.control("pause")
    until(lambda: playback.get().state == "paused")
    playback.control("unpause")
    playback.control("forward")
    playback.control("reverse")
    playback.control("restart")
    playback.stop()
    assert playback.wait_for(PlaybackFinished, 10).playback == playback


def test_digits_end_a_recording(library: AsteriskPy, app: str) -> None:
    channel = call(library, app, "203")
    recording = channel.record(
        f"terminated-{app}", "wav", max_duration_seconds=20, terminate_on="#", beep=False
    )
    assert recording.wait_for(RecordingFinished, 10).recording.name == f"terminated-{app}"


def test_a_recording_from_beginning_to_download(
    library: AsteriskPy, app: str, tmp_path: Path
) -> None:
    channel = call(library, app, "204")
    recording = channel.record(f"calls/{app} ü", "wav", if_exists="fail")
    recording.wait_for(RecordingStarted, 10)
    assert recording.get_live().state == "recording"
    time.sleep(1)
    recording.pause()
    until(lambda: recording.get_live().state == "paused")
    recording.unpause()
    recording.mute()
    recording.unmute()
    recording.stop()
    finished = recording.wait_for(RecordingFinished, 10)
    assert finished.recording.duration is not None
    with pytest.raises(NotFoundException):
        recording.get_live()

    stored = library.get_recording(f"calls/{app} ü")
    assert stored.format == "wav"
    assert stored in library.get_recordings()
    assert stored in library.recordings.list_stored()
    data = stored.get_stored_file()
    with wave.open(io.BytesIO(data)) as sound:
        assert sound.getframerate() == 8000
        assert sound.getnframes() > 1000
    file = tmp_path / "call.wav"
    assert stored.get_stored_file_to(file) == len(data)
    assert file.read_bytes() == data
    sink = io.BytesIO()
    assert library.recordings.get_stored_file_to(stored, sink) == len(data)
    assert sink.getvalue() == data

    copy = stored.copy_stored(f"copy of {app}")
    assert copy.get_stored().name == f"copy of {app}"
    with pytest.raises(IllegalStateException):
        stored.copy_stored(f"copy of {app}")
    copy.delete_stored()
    stored.delete_stored()
    with pytest.raises(NotFoundException):
        stored.get_stored()
    with pytest.raises(NotFoundException):
        stored.get_stored_file_to(tmp_path / "nothing.wav")
    assert list(tmp_path.iterdir()) == [file]


def test_a_recording_is_cancelled(library: AsteriskPy, app: str) -> None:
    channel = call(library, app, "204")
    recording = channel.record(f"cancelled-{app}", "wav")
    recording.wait_for(RecordingStarted, 10)
    recording.cancel()
    recording.wait_for(RecordingFinished, 10)
    with pytest.raises(NotFoundException):
        library.get_recording(f"cancelled-{app}")


# --- bridges ----------------------------------------------------------------------------------


def test_a_bridge_joins_two_channels(library: AsteriskPy, app: str) -> None:
    one, two = call(library, app, "204"), call(library, app, "205")
    library.applications.subscribe(app, event_source="bridge:")
    bridge = library.bridges.create(type="mixing", name="a room", variables={"FLOOR": 3})
    assert bridge.get_bridge_vars(["FLOOR"]).variables == {"FLOOR": "3"}
    assert bridge.wait_for(BridgeCreated, 10).bridge.name == "a room"
    bridge.add_channel([one, two])
    entered = [bridge.wait_for(ChannelEnteredBridge, 10).channel for _ in range(2)]
    assert {each.id for each in entered if each} == {one.id, two.id}
    assert one.wait_for(ChannelEnteredBridge, 10).bridge == bridge
    assert sorted(library.get_bridge(bridge.id).channels) == sorted([one.id, two.id])
    assert bridge in library.get_bridges()
    assert bridge in library.bridges.list()

    assert bridge.get_bridge_var("FLOOR").value == "3"
    bridge.set_bridge_var("TOPIC", value="weather")
    bridge.set_bridge_vars({"COUNT": 2, "OPEN": True})
    assert bridge.get_bridge_vars(["TOPIC", "COUNT", "OPEN"]).variables == {
        "TOPIC": "weather",
        "COUNT": "2",
        "OPEN": "true",
    }
    bridge.set_video_source(one)
    assert bridge.get().video_source_id == one.id
    bridge.clear_video_source()

    bridge.remove_channel(two)
    assert two.wait_for(ChannelLeftBridge, 10).bridge == bridge
    assert bridge.get().channels == [one.id]
    bridge.destroy()
    bridge.wait_for(BridgeDestroyed, 10)
    with pytest.raises(NotFoundException):
        bridge.get()


def test_music_and_prompts_in_a_bridge(library: AsteriskPy, app: str) -> None:
    channel = call(library, app)
    bridge = library.new_bridge()
    bridge.create_with_id(type="mixing,dtmf_events", name="prompts", variables={"FLOOR": 3})
    assert bridge.get_bridge_var("FLOOR").value == "3"
    bridge.add_channel(channel, absorb_dtmf=True, mute=False)
    bridge.start_moh(moh_class="default")
    bridge.stop_moh()
    playback = bridge.play("sound:beep")
    assert playback.wait_for(PlaybackFinished, 10).playback.target_uri == f"bridge:{bridge.id}"
    named = library.new_playback("named-" + app)
    bridge.play_with_id(named, media=["sound:digits/1", "sound:digits/2"])
    assert named.wait_for(PlaybackFinished, 10).playback.id == "named-" + app


def test_a_bridge_is_recorded(library: AsteriskPy, app: str) -> None:
    channel = call(library, app, "204")
    bridge = library.new_bridge()
    bridge.create(type="mixing")
    bridge.add_channel([channel.id])
    recording = bridge.record(f"bridge-{app}", "wav", max_duration_seconds=1)
    recording.wait_for(RecordingStarted, 10)
    assert recording.wait_for(RecordingFinished, 10).recording.target_uri == f"bridge:{bridge.id}"
    data = library.recordings.get_stored_file(f"bridge-{app}")
    assert loudness(data) > 200
    library.recordings.delete_stored(f"bridge-{app}")


def loudness(data: bytes) -> float:
    """The root mean square of a mono recording of 16 bits."""
    with wave.open(io.BytesIO(data)) as sound:
        frames = sound.readframes(sound.getnframes())
    samples = struct.unpack(f"<{len(frames) // 2}h", frames)
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples))


# --- applications and events ------------------------------------------------------------------


def test_applications(library: AsteriskPy, app: str) -> None:
    assert app in {each.name for each in library.applications.list()}
    application = library.applications.get(app)
    assert application.channel_ids == []
    application.subscribe(["endpoint:PJSIP", "deviceState:Stasis:door"])
    application = application.get()
    assert application.endpoint_ids == ["PJSIP"]
    assert application.device_names == ["Stasis:door"]
    application.unsubscribe("endpoint:PJSIP")
    library.applications.unsubscribe(app, ["deviceState:Stasis:door"])
    assert application.get().device_names == []


def test_an_event_filter(library: AsteriskPy, app: str) -> None:
    library.applications.filter(app, filter={"allowed": [{"type": "ChannelUserevent"}]})
    heard: list[str] = []
    library.add_event_handler("Event", lambda event: heard.append(event.type))
    channel = library.channels.originate("Local/200@default", app=app)
    until(lambda: channel.get().state == "Up")
    library.events.user_event("mark", application=app, source=[f"channel:{channel.id}"])
    library.wait_for(ChannelUserevent, 10)
    until(lambda: heard)
    assert heard == ["ChannelUserevent"]
    library.applications.get(app).filter(filter={})
    channel.hangup()
    library.wait_for(ChannelDestroyed, 10)


def test_user_events(library: AsteriskPy, app: str) -> None:
    channel = call(library, app)
    library.events.user_event(
        "order placed/é",
        application=app,
        source=[f"channel:{channel.id}"],
        variables={"number": 17, "urgent": True, "text": "a,b", "lamps": ["a", {"b": 1}]},
    )
    event = channel.wait_for(ChannelUserevent, 10)
    assert event.eventname == "order placed/é"
    assert event.channel == channel
    sent = {"number": 17, "urgent": True, "text": "a,b", "lamps": ["a", {"b": 1}]}
    assert event.userevent == {**sent, "eventname": "order placed/é"}
    library.events.user_event("bare", application=app)
    assert library.wait_for(ChannelUserevent, 10) is not None


# --- the count --------------------------------------------------------------------------------


def test_nearly_all_operations_were_driven() -> None:
    """Comes last: it counts what the tests above have done."""
    require_asterisk()
    succeeded = OPERATIONS.succeeded()
    missing = [name for name in OPERATIONS.names if name not in succeeded]
    print(f"{len(succeeded)} of {len(OPERATIONS.names)} operations carried out by a real Asterisk")
    for name in missing:
        seen = sorted(OPERATIONS.statuses[name])
        print(f"  not {name}: {NOT_DRIVEN.get(name, 'NO REASON KNOWN')}; answers seen: {seen}")
    assert len(OPERATIONS.names) == 109
    assert set(missing) <= set(NOT_DRIVEN)
    assert len(succeeded) >= 95
