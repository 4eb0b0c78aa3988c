from tabrl.rendering.gl import check_gl


def test_this_machine_can_draw():
    assert check_gl() is None


def test_a_machine_without_a_driver_is_told_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("__EGL_VENDOR_LIBRARY_FILENAMES", str(tmp_path / "none.json"))
    reason = check_gl()
    assert reason is not None
    assert "apt-get install --no-install-recommends libegl1 libgl1-mesa-dri libopengl0" in reason
