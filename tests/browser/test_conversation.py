"""Whole conversations in a real browser."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.visitor import Site, Visitor

Visit = Callable[..., Visitor]

BIRTH = "làm giấy khai sinh cho con cần giấy tờ gì"


def test_a_whole_conversation_by_mouse(visit: Visit, site: Site) -> None:
    """Most people only click: suggestion, choice, rating, close."""
    visitor = visit().open()
    visitor.page.get_by_role("button", name="Làm giấy khai sinh cho con cần giấy tờ gì?").click()
    visitor.log.get_by_text("Tờ khai theo mẫu").wait_for()
    visitor.page.get_by_role("button", name="Lệ phí").click()
    visitor.log.get_by_text("chưa nêu lệ phí").wait_for()
    visitor.page.get_by_role("button", name="Câu trả lời này giúp được").click()
    visitor.log.get_by_text("Cảm ơn anh/chị đã góp ý").wait_for()
    visitor.page.get_by_role("button", name="Đóng trợ lý").click()

    assert visitor.panel.count() == 0
    said = [message.text or message.payload for message in site.assistant.turns]
    assert said == [
        "Làm giấy khai sinh cho con cần giấy tờ gì?",
        '/ask_fee{"procedure_code": "1.001193"}',
        '/feedback{"value":"up"}',
    ]


def test_the_reason_of_a_thumb_down_by_keyboard_alone(visit: Visit, site: Site) -> None:
    """The reasons come right behind the thumbs, are announced, and can be passed over."""
    visitor = visit().open()
    visitor.say("đăng ký kết hôn cần giấy tờ gì", "Tờ khai theo mẫu")
    thumb = visitor.page.get_by_role("button", name="Câu trả lời này chưa đúng ý")
    thumb.focus()
    visitor.page.keyboard.press("Enter")
    visitor.log.get_by_text("chưa được ở chỗ nào").wait_for()
    assert visitor.focused() == "Câu trả lời này chưa đúng ý", "the focus is not taken away"
    assert visitor.log.get_attribute("aria-live") == "polite"
    reasons = visitor.log.get_by_role("list", name="Lựa chọn").last.get_by_role("button")
    assert reasons.count() == 3
    visitor.page.keyboard.press("Tab")
    assert visitor.focused() == "Sai hoặc đã cũ"
    visitor.page.keyboard.press("Enter")
    visitor.log.get_by_text("Cảm ơn anh/chị đã góp ý").wait_for()
    assert site.assistant.turns[-1].payload == '/feedback{"value":"down","reason":"wrong"}'
    assert visitor.log.get_by_text("Sai hoặc đã cũ").first.is_visible()
    assert thumb.is_disabled() and thumb.get_attribute("aria-pressed") == "true"
    visitor.page.reload()
    visitor.log.get_by_text("Cảm ơn anh/chị đã góp ý").wait_for()
    assert visitor.page.get_by_role("button", name="Câu trả lời này chưa đúng ý").count() == 0, "it is rated already"


def test_a_whole_conversation_by_keyboard_alone(visit: Visit, site: Site) -> None:
    """Someone who cannot use a mouse reaches the same end, and the focus comes back to where it was."""
    visitor = visit()
    keyboard = visitor.page.keyboard
    visitor.launcher.focus()
    keyboard.press("Enter")
    assert visitor.focused() == "Câu hỏi của anh/chị"
    keyboard.type("đăng ký khai sinh")
    keyboard.press("Enter")
    visitor.log.get_by_text("việc nào dưới đây").wait_for()
    while visitor.focused() != "Đăng ký khai sinh":
        keyboard.press("Shift+Tab")
        assert visitor.focused() != "Mở trợ lý thủ tục hành chính", "the choice cannot be reached by Tab"
    keyboard.press("Space")
    visitor.log.get_by_text("Tờ khai theo mẫu").wait_for()
    keyboard.press("Escape")

    assert visitor.panel.count() == 0
    assert visitor.focused() == "Mở trợ lý thủ tục hành chính"
    assert site.assistant.turns[-1].payload == '/choose_procedure{"procedure_code":"1.001193"}'


def test_enter_that_ends_an_input_method_word_does_not_send(visit: Visit, site: Site) -> None:
    """With Telex on a phone or Mac, Enter often only confirms the word."""
    visitor = visit().open()
    visitor.box.fill("khai sinh")
    visitor.box.evaluate(
        """box => box.dispatchEvent(new KeyboardEvent("keydown",
             {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )
    visitor.box.press("Shift+Enter")
    assert site.assistant.received == []
    assert visitor.box.input_value() == "khai sinh\n"

    visitor.box.press("Enter")
    visitor.log.get_by_text("việc nào dưới đây").wait_for()
    assert [message.text for message in site.assistant.received] == ["khai sinh"]


def test_words_are_sent_in_composed_form(visit: Visit, site: Site) -> None:
    """A Mac may type 'ế' as three characters; the assistant compares composed ones."""
    visit().open().say("thue\u0302\u0301 đất", "Chưa tìm thấy")
    assert site.assistant.turns[0].text == "thuế đất"


def test_the_conversation_goes_on_on_the_next_page(visit: Visit, site: Site) -> None:
    """A citizen who follows a link must not lose the answer, nor become somebody else."""
    visitor = visit().open().say(BIRTH, "Tờ khai theo mẫu")
    visitor.load("tim-kiem?q=khai+sinh")

    visitor.log.get_by_text("Tờ khai theo mẫu").wait_for()
    visitor.say("đăng ký khai sinh", "việc nào dưới đây")
    assert len({message.conversation_id for message in site.assistant.turns}) == 1
    assert visitor.log.get_by_text("Đây là trợ lý tự động (máy)").count() == 1


def test_another_tab_is_another_conversation(visit: Visit, site: Site) -> None:
    """Two people at one counter computer must not read each other."""
    visit().open().say(BIRTH, "Tờ khai theo mẫu")
    second = visit().open()
    assert second.log.get_by_text("Tờ khai theo mẫu").count() == 0
    second.say(BIRTH, "Tờ khai theo mẫu")
    assert len({message.conversation_id for message in site.assistant.turns}) == 2


def test_identity_digits_leave_no_trace_in_the_tab(visit: Visit, site: Site) -> None:
    """They are sent, but neither shown nor stored: the computer may be shared."""
    visitor = visit().open().say("hồ sơ của tôi tới đâu rồi", "gửi giúp mã hồ sơ")
    visitor.say("H50.05-261102-0001", "4 số cuối").say("4 số là 5678", "4 số cuối")
    visitor.say("5678", "Đang xử lý")

    assert site.assistant.turns[-1].text == "5678"
    assert "H50.05-261102-0001" in visitor.log.inner_text()
    for text in (visitor.log.inner_text(), visitor.page.evaluate("JSON.stringify(sessionStorage)")):
        assert "5678" not in text


def test_a_masked_name_is_not_taken_for_bold(visit: Visit) -> None:
    """`N*** V** M**` uses the same sign as bold text."""
    visitor = visit().open().say("hồ sơ của tôi", "gửi giúp").say("H50.05-261102-0001", "4 số cuối")
    visitor.say("5678", "Đang xử lý")
    assert visitor.log.get_by_text("N*** V** M**", exact=True).count() == 1


def test_clearing_forgets_everything_and_starts_a_new_conversation(visit: Visit, site: Site) -> None:
    """At a shared computer one press must be enough."""
    visitor = visit().open().say(BIRTH, "Tờ khai theo mẫu")
    visitor.page.get_by_role("button", name="Cài đặt và trợ giúp").click()
    visitor.page.get_by_role("button", name="Xóa cuộc trò chuyện trên máy này").click()
    visitor.log.get_by_text("Đã xóa cuộc trò chuyện").wait_for()

    assert "khai sinh cho con" not in visitor.page.evaluate("JSON.stringify(sessionStorage)")
    visitor.say(BIRTH, "Tờ khai theo mẫu")
    assert len({message.conversation_id for message in site.assistant.turns}) == 2


def test_deleting_the_data_clears_the_screen_too(visit: Visit, site: Site) -> None:
    """The server's word stays, the talk does not, and the next question comes from somebody new."""
    visitor = visit().open().say(BIRTH, "Tờ khai theo mẫu")
    visitor.say("Xoá dữ liệu của tôi", "Tôi đã xóa cuộc trò chuyện")
    for text in (visitor.log.inner_text(), visitor.page.evaluate("JSON.stringify(sessionStorage)")):
        assert "khai sinh cho con" not in text.replace("Làm giấy khai sinh cho con", "")
        assert "Tờ khai" not in text
        assert "Tôi đã xóa" in text

    visitor.say(BIRTH, "Tờ khai theo mẫu")
    first, _, last = site.assistant.turns
    assert first.conversation_id != last.conversation_id
    assert visitor.log.get_by_text("Đây là trợ lý tự động (máy)").count() == 1


def test_the_server_tells_when_it_has_forgotten(visit: Visit, site: Site) -> None:
    """People ask for it in many words; a question that waits behind it is asked all the same."""
    visitor = visit().open().say(BIRTH, "Tờ khai theo mẫu")
    site.assistant.delay_s = 0.3
    visitor.say("quên tôi đi").say("đăng ký khai sinh", "việc nào dưới đây")
    assert visitor.log.get_by_text("Tờ khai theo mẫu").count() == 0
    assert visitor.log.get_by_text("Tôi đã xóa cuộc trò chuyện").count() == 1
    ids = [message.conversation_id for message in site.assistant.turns]
    assert ids[0] == ids[1] != ids[2]


def test_the_first_notice_does_not_push_the_answer_away(visit: Visit) -> None:
    """It is read once and then in the way: small type, on the next page too, and the answer beside it is not."""
    visitor = visit().open().say(BIRTH, "Tờ khai theo mẫu").load("tim-kiem")
    sizes = [
        part.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
        for part in (
            visitor.log.get_by_text("Đây là trợ lý tự động (máy)"),
            visitor.log.get_by_text("Tờ khai theo mẫu"),
        )
    ]
    assert sizes == [13, 16]


def test_choices_of_an_older_question_go_with_it(visit: Visit) -> None:
    """“Thôi, không tra nữa” pressed later would stop something else; a choice that names its procedure stays."""
    visitor = visit().open().say(BIRTH, "Tờ khai theo mẫu").say("hồ sơ của tôi", "gửi giúp")
    stop = visitor.log.get_by_role("button", name="Thôi, không tra nữa")
    stop.focus()
    visitor.page.keyboard.press("Enter")
    visitor.log.get_by_text("tôi dừng tra hồ sơ").wait_for()
    assert stop.count() == 0
    assert visitor.focused().startswith("Nội dung trò chuyện"), "the keyboard must not fall out of the window"
    assert visitor.log.get_by_role("button", name="Lệ phí").count() == 1
    visitor.load("tim-kiem")
    assert stop.count() == 0


def test_a_code_stays_on_one_line_of_the_chat(visit: Visit) -> None:
    """Also in what the citizen wrote; on a screen too narrow for it, it breaks rather than hide."""
    visitor = visit(viewport={"width": 360, "height": 740}).open().say("hồ sơ của tôi", "gửi giúp")
    visitor.say("mã của tôi đây ạ: 000.00.16.H46-200715-0001", "4 số cuối").say("5678", "Đang xử lý")
    script = """() => [...document.querySelector("mot-cua-chat").shadowRoot.querySelectorAll(".code")]
      .map((code) => Math.round(code.getBoundingClientRect().height / parseFloat(getComputedStyle(code).lineHeight)))"""
    assert visitor.page.evaluate(script) == [1, 1]
    visitor.page.set_viewport_size({"width": 180, "height": 370})
    assert max(visitor.page.evaluate(script)) > 1


def test_thanks_for_a_rating_leave_the_choices(visit: Visit) -> None:
    """They are no newer answer."""
    visitor = visit().open().say("đăng ký khai sinh", "việc nào dưới đây").say(BIRTH, "Tờ khai theo mẫu")
    assert visitor.log.get_by_role("button", name="Không phải mấy việc này").count() == 0
    visitor.say("hồ sơ của tôi", "gửi giúp").say("H50.05-261102-0001", "4 số cuối").say("5678", "Đang xử lý")
    visitor.page.get_by_role("button", name="Câu trả lời này giúp được").click()
    visitor.log.get_by_text("Cảm ơn anh/chị đã góp ý").wait_for()
    assert visitor.log.get_by_role("button", name="Tra hồ sơ khác").count() == 1


def test_only_the_newest_answer_can_be_rated(visit: Visit) -> None:
    """The server takes a rating for the turn before it, so an older thumb would blame the wrong answer."""
    visitor = visit().open().say(BIRTH, "Tờ khai theo mẫu").say("xyz", "Chưa tìm thấy")
    assert visitor.page.get_by_role("button", name="Câu trả lời này chưa đúng ý").count() == 1


def test_a_page_link_asks_its_question_in_the_chat(visit: Visit, site: Site) -> None:
    """The portal's tiles lead into the conversation; Escape gives the focus back to the tile."""
    visitor = visit()
    visitor.page.get_by_role("link", name="Tra cứu hồ sơ đã nộp").click()
    visitor.log.get_by_text("gửi giúp mã hồ sơ").wait_for()
    visitor.page.keyboard.press("Escape")
    assert visitor.focused().startswith("Tra cứu hồ sơ đã nộp")
    assert site.assistant.turns[0].text == "Hồ sơ của tôi đến đâu rồi?"


def test_a_checklist_qr_code_opens_its_procedure(visit: Visit, site: Site) -> None:
    """The printed checklist leads back to the same procedure, once, and not again on reload."""
    visitor = visit(load=False).load("#hoi=1.001193")
    visitor.log.get_by_text("Tờ khai theo mẫu").wait_for()
    assert site.assistant.turns[0].payload == '/choose_procedure{"procedure_code":"1.001193"}'
    assert "#" not in visitor.page.url


def test_a_forged_address_cannot_speak_for_the_citizen(visit: Visit, site: Site) -> None:
    """Only a procedure code may stand in the address."""
    visitor = visit(load=False).load('#hoi=1.001193","x":"/delete_my_data')
    assert visitor.panel.count() == 0
    assert site.assistant.received == []


def test_blocked_storage_does_not_stop_the_conversation(visit: Visit) -> None:
    """Strict privacy settings make every storage call throw."""
    blocked = """for (const name of ["sessionStorage", "localStorage"])
      Object.defineProperty(window, name, {get() { throw new DOMException("blocked", "SecurityError"); }});"""
    visit(init=blocked).open().say(BIRTH, "Tờ khai theo mẫu").say("đăng ký khai sinh", "việc nào dưới đây")


def test_an_older_safari_gets_its_style_sheet_by_link(visit: Visit) -> None:
    """Phones that no longer get updates are exactly the ones our citizens have."""
    old = "window.CSSStyleSheet = class { constructor() { throw new TypeError('Illegal constructor'); } };"
    visitor = visit(init=old).open()
    panel = "document.querySelector('mot-cua-chat').shadowRoot.querySelector('.panel')"
    visitor.until(f"getComputedStyle({panel}).position === 'fixed'")


def test_speech_lands_in_the_text_box_and_waits_to_be_sent(visit: Visit, site: Site) -> None:
    """A misheard word must be correctable before it is a question."""
    fake = """window.SpeechRecognition = window.webkitSpeechRecognition = class {
      start() { window.heardIn = this.lang; setTimeout(() => {
        this.onresult({results: [[{transcript: "đăng ký khai sinh"}]]}); this.onend(); }, 10); }
      stop() { this.onend(); }
    };"""
    visitor = visit(init=fake).open()
    visitor.page.get_by_role("button", name="Nói thay vì gõ").click()
    visitor.until("window.heardIn === 'vi-VN'")
    visitor.page.get_by_role("button", name="Nói thay vì gõ").wait_for()
    assert visitor.box.input_value() == "đăng ký khai sinh"
    assert site.assistant.received == []


def test_no_microphone_button_where_the_browser_offers_none(visit: Visit) -> None:
    """A button that does nothing is worse than none."""
    none = "delete window.SpeechRecognition; delete window.webkitSpeechRecognition;"
    assert visit(init=none).open().page.get_by_role("button", name="Nói thay vì gõ").count() == 0


def test_without_scripts_the_page_leads_to_the_search(visit: Visit, site: Site) -> None:
    """Nobody is left before a dead page."""
    visitor = visit(load=False, java_script_enabled=False)
    visitor.page.goto(site.url)
    visitor.page.get_by_role("link", name="tìm thủ tục tại đây").click()
    assert visitor.page.url == site.url + "tim-kiem"
