//! Checkpoints: the same discipline as the model file's.

use crate::{altered, model};
use nn_io::{Best, Checkpoint, Error, Model};

fn checkpoint() -> Checkpoint {
    let model = model();
    let params = model.network.params().to_vec();
    let half: Vec<f32> = params.iter().map(|p| p / 2.0).collect();
    Checkpoint {
        model,
        moments: [params, half.clone()],
        step: 1 << 40,
        epoch: 5,
        best: Some(Best { accuracy: 0.875, loss: 0.5, epoch: 3, params: half, stats: vec![] }),
        recipe: r#"{"lr":0.1}"#.into(),
    }
}

#[test]
fn a_checkpoint_survives_the_round_trip() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.ckpt");
    let plain = Checkpoint { moments: [vec![], vec![]], best: None, ..checkpoint() };
    for before in [checkpoint(), plain] {
        before.save(&path).unwrap();
        let after = Checkpoint::load(&path).unwrap();
        assert_eq!(after.model.to_bytes().unwrap(), before.model.to_bytes().unwrap());
        assert_eq!(after.moments, before.moments);
        assert_eq!((after.step, after.epoch), (before.step, before.epoch));
        assert_eq!(after.best, before.best);
        assert_eq!(after.recipe, before.recipe);
        assert_eq!(after.to_bytes().unwrap(), std::fs::read(&path).unwrap());
    }
}

#[test]
fn damage_is_found() {
    let file = checkpoint().to_bytes().unwrap();
    let mut bytes = file.clone();
    for at in 0..file.len() {
        assert!(Checkpoint::from_bytes(&file[..at]).is_err(), "cut to {at} bytes");
        bytes[at] ^= 0x10;
        assert!(Checkpoint::from_bytes(&bytes).is_err(), "byte {at} altered");
        bytes[at] = file[at];
    }
    assert!(Checkpoint::from_bytes(&[&file[..], b"x"].concat()).is_err());
}

#[test]
fn a_checkpoint_is_no_model_and_a_model_no_checkpoint() {
    let checkpoint = checkpoint();
    let as_model = Model::from_bytes(&checkpoint.to_bytes().unwrap()).unwrap_err();
    assert_eq!(as_model.to_string(), "not a barnacle-model file");
    let as_checkpoint = Checkpoint::from_bytes(&checkpoint.model.to_bytes().unwrap()).unwrap_err();
    assert_eq!(as_checkpoint.to_string(), "not a barnacle-checkpoint file");
}

#[test]
fn parts_must_belong_to_the_model() {
    let best = checkpoint().best.unwrap();
    let wrong = [
        Checkpoint { moments: [vec![0.5], vec![]], ..checkpoint() },
        Checkpoint { moments: [vec![], vec![f32::NAN]], ..checkpoint() },
        Checkpoint { best: Some(Best { params: vec![], ..best.clone() }), ..checkpoint() },
        Checkpoint { best: Some(Best { stats: vec![1.0], ..best.clone() }), ..checkpoint() },
        Checkpoint { best: Some(Best { accuracy: f64::NAN, ..best }), ..checkpoint() },
    ];
    for (number, checkpoint) in wrong.iter().enumerate() {
        assert!(matches!(checkpoint.to_bytes(), Err(Error::Invalid(_))), "{number}");
    }
    let file = checkpoint().to_bytes().unwrap();
    let newer = altered(&file, b"\xa7version\x01", b"\xa7version\x02");
    assert!(matches!(Checkpoint::from_bytes(&newer), Err(Error::Newer { found: 2, known: 1 })));
    let fewer = altered(&file, b"\xadsecond_moment\xc4", b"\xadsecond_moment\xc4\x04\0\0\0\0\xa1x\xc4");
    assert!(matches!(Checkpoint::from_bytes(&fewer), Err(Error::Invalid(_))));
}
